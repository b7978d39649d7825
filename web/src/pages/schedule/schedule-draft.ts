import type { ScheduleRow, UpdateScheduleBody } from "../../../../src/dashboard/wire/schedules.ts";
import { parseJson } from "../../../../src/dashboard/json/parse-json.ts";
import { readDuration } from "../settings/duration-text.ts";

/** A schedule as it stands in the fields of the form. */
export interface ScheduleDraft {
  readonly kind: "cron" | "every";
  readonly cron: string;
  readonly timeZone: string;
  readonly every: string;
  readonly missed: ScheduleRow["missed"];
  readonly overlap: ScheduleRow["overlap"];
  /** JSON text. */
  readonly payload: string;
}

/** What the form begins with. */
export function draftOf(schedule: ScheduleRow): ScheduleDraft {
  const { cron, timeZone, every, missed, overlap, job } = schedule;
  return {
    kind: cron === null ? "every" : "cron",
    cron: cron ?? "",
    timeZone: timeZone ?? "UTC",
    every: every ?? "",
    missed,
    overlap,
    payload: job?.payload ?? "null",
  };
}

/** The fields whose text is nothing they take. Whether a cron expression makes sense is for the server to say. */
export function wrongFields(draft: ScheduleDraft): ReadonlySet<keyof ScheduleDraft> {
  const { kind, cron, timeZone, every, payload } = draft;
  const wrong = new Set<keyof ScheduleDraft>();
  if (kind === "cron" && cron.trim() === "") wrong.add("cron");
  if (kind === "cron" && timeZone.trim() === "") wrong.add("timeZone");
  if (kind === "every" && (readDuration(every) ?? 0) < 1_000) wrong.add("every");
  if (!("node" in parseJson(payload))) wrong.add("payload");
  return wrong;
}

/** What to send to get from what is stored to what is in the form; undefined when that is nothing, or cannot be. */
export function scheduleChange(
  from: ScheduleDraft,
  to: ScheduleDraft,
): UpdateScheduleBody | undefined {
  if (wrongFields(to).size > 0) return undefined;
  const body = {
    ...timingChange(from, to),
    ...(from.payload === to.payload ? {} : { payload: to.payload }),
    ...(from.missed === to.missed ? {} : { missed: to.missed }),
    ...(from.overlap === to.overlap ? {} : { overlap: to.overlap }),
  };
  return Object.keys(body).length === 0 ? undefined : body;
}

function timingChange(from: ScheduleDraft, to: ScheduleDraft): UpdateScheduleBody {
  const other = from.kind !== to.kind;
  const differs = (field: "cron" | "timeZone" | "every") =>
    other || from[field].trim() !== to[field].trim();
  if (to.kind === "every") return differs("every") ? { every: to.every.trim() } : {};
  return {
    ...(differs("cron") ? { cron: to.cron.trim() } : {}),
    ...(differs("timeZone") ? { timeZone: to.timeZone.trim() } : {}),
  };
}

/** What fields of a draft are given. */
export interface DraftFieldsProps {
  readonly draft: ScheduleDraft;
  readonly wrong: ReadonlySet<keyof ScheduleDraft>;
  readonly onChange: (changes: Partial<ScheduleDraft>) => void;
}
