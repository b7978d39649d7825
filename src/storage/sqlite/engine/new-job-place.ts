import type { NewJob } from "../../../core/new-job.ts";

/** Where a new job's row goes: one with gates waits for admission, whatever the state of its gates. */
export function placeOfNew({ createdAt, runAt, gates }: NewJob): "live" | "later" | "blocked" {
  if (runAt > createdAt) return "later";
  return gates === undefined ? "live" : "blocked";
}
