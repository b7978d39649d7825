import type { BulkAction } from "../../../../src/core/operation.ts";
import type { Counted } from "../../../../src/dashboard/wire/jobs.ts";
import type { OperationBody } from "../../../../src/dashboard/wire/operations.ts";

/** What is written in the dialog that begins an operation: all of it text. */
export interface BulkDraft {
  readonly why: string;
  readonly queue: string;
  readonly priority: string;
  /** The count, typed for what cannot be taken back. */
  readonly count: string;
}

export const emptyDraft: BulkDraft = { why: "", queue: "", priority: "5", count: "" };

/** Jobs, in the filter language. */
export interface BulkTarget {
  readonly action: BulkAction;
  readonly q: string;
}

/** The settings that belong to the action. */
export function bulkBody({ action, q }: BulkTarget, draft: BulkDraft): OperationBody {
  const { why, queue, priority } = draft;
  switch (action) {
    case "cancel":
      return why.trim() === "" ? { action, q } : { action, q, why: why.trim() };
    case "move":
      return { action, q, queue: queue.trim() };
    case "changePriority":
      return { action, q, priority: Number(priority) };
    default:
      return { action, q };
  }
}

/** What is asked for to see what an operation would be about: settings do not matter for that. */
export const previewBody = (target: BulkTarget): OperationBody =>
  bulkBody(target, { ...emptyDraft, queue: "default" });

export type BulkFault = "queue" | "priority" | "count";

/** What is still wrong, given how many jobs it is about. */
export function bulkFault(
  { action }: BulkTarget,
  draft: BulkDraft,
  matched: Counted,
): BulkFault | undefined {
  if (action === "move" && draft.queue.trim() === "") return "queue";
  if (action === "changePriority" && !/^\d$/.test(draft.priority.trim())) return "priority";
  if (asksForCount(action, matched) && digits(draft.count) !== String(matched.count))
    return "count";
  return undefined;
}

/** True where a slip of the hand would remove much: the count has to be typed. */
export const asksForCount = (action: BulkAction, { count, atLeast }: Counted): boolean =>
  action === "delete" && (count > 1 || atLeast);

/** A number without the separators people write. */
const digits = (text: string): string => text.replaceAll(/[\s.,'’\u00a0\u202f]/g, "");

/** True for what stops work or removes it: it begins after some seconds, in which it can be taken back. */
export const hasGrace = (action: BulkAction): boolean => action === "cancel" || action === "delete";
