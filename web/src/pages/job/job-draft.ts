import { parseJson } from "../../../../src/dashboard/json/parse-json.ts";
import type { UpdateJobBody } from "../../../../src/dashboard/wire/jobs.ts";

/** What is written in a form for a job: all of it text. */
export interface JobDraft {
  readonly name: string;
  readonly payload: string;
  readonly queue: string;
  readonly priority: string;
  readonly delay: string;
  readonly tags: string;
}

export type DraftField = keyof JobDraft;

/** What is wrong with a field; for JSON also why and where. */
export type DraftFault =
  | { readonly kind: "name" | "priority" | "delay" | "tags" }
  | {
      readonly kind: "json";
      readonly message: string;
      readonly line: number;
      readonly column: number;
    };

export type DraftFaults = Readonly<Partial<Record<DraftField, DraftFault>>>;

/** Checks what is written. The server checks it again. */
export function draftFaults(draft: JobDraft): DraftFaults {
  const faults: Partial<Record<DraftField, DraftFault>> = {};
  const json = jsonFault(draft.payload);
  if (draft.name.trim() === "") faults.name = { kind: "name" };
  if (json !== undefined) faults.payload = json;
  if (!/^\d$/.test(draft.priority.trim())) faults.priority = { kind: "priority" };
  if (draft.delay.trim() !== "" && !/^\d+(\.\d+)?(ms|s|m|h|d|w)$/.test(draft.delay.trim()))
    faults.delay = { kind: "delay" };
  const tags = tagsOf(draft.tags);
  if (tags.length > 32 || tags.some((tag) => tag.length > 255)) faults.tags = { kind: "tags" };
  return faults;
}

/** Tags as they are written: with commas between, each once. */
export function tagsOf(text: string): readonly string[] {
  const tags = text.split(",").map((tag) => tag.trim());
  return [...new Set(tags)].filter((tag) => tag !== "");
}

/** What differs from how a form began. What was left as it was is not sent: it may have been hidden, or another's change. */
export function changedBody(start: JobDraft, draft: JobDraft): UpdateJobBody {
  const { payload, queue, priority, delay, tags } = draft;
  return {
    ...(payload === start.payload ? {} : { payload }),
    ...(queue.trim() === start.queue || queue.trim() === "" ? {} : { queue: queue.trim() }),
    ...(priority === start.priority ? {} : { priority: Number(priority) }),
    ...(delay.trim() === "" ? {} : { delay: delay.trim() }),
    ...(tags === start.tags ? {} : { tags: tagsOf(tags) }),
  };
}

function jsonFault(text: string): DraftFault | undefined {
  const parsed = parseJson(text);
  if ("node" in parsed) return undefined;
  const before = text.slice(0, parsed.at).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { kind: "json", message: parsed.message, line: before.length, column };
}
