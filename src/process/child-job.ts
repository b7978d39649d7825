import type { AbortReason, JobContext } from "../core/job-context.ts";

/** What a pool needs of the job it hands to a child; every handler's context has it. */
export type ChildJob = Pick<
  JobContext,
  "id" | "run" | "attempt" | "name" | "queue" | "trace" | "signal" | "log" | "progress" | "snooze"
>;

/** Why a job's signal aborted. */
export function stopReason(signal: AbortSignal): AbortReason {
  return signal.reason as AbortReason;
}
