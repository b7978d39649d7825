import type { JobState } from "../../../../src/core/job.ts";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";

/** What can be done to a job. */
export type JobVerb = "cancel" | "retry" | "runNow" | "edit" | "delete";

/** Why it cannot be done: a text of the catalogue. */
export type JobRefusal =
  | "finished"
  | "cancelling"
  | "notFailed"
  | "notPutOff"
  | "notWaiting"
  | "running";

const finished: readonly JobState[] = ["completed", "cancelled", "discarded"];
const waiting: readonly JobState[] = ["scheduled", "available", "blocked", "retryable"];

/** Why something cannot be done to a job as it is; undefined when it can. */
export function jobRefusal(
  verb: JobVerb,
  { state, cancelRequested }: Pick<JobAnswer, "state" | "cancelRequested">,
): JobRefusal | undefined {
  switch (verb) {
    case "cancel":
      if (finished.includes(state)) return "finished";
      return cancelRequested === null ? undefined : "cancelling";
    case "retry":
      return state === "cancelled" || state === "discarded" ? undefined : "notFailed";
    case "runNow":
      return state === "scheduled" || state === "retryable" ? undefined : "notPutOff";
    case "edit":
      return waiting.includes(state) ? undefined : "notWaiting";
    case "delete":
      return state === "running" ? "running" : undefined;
  }
}
