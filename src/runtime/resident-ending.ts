import { HoldfastError } from "../core/errors.ts";
import { storeError } from "../core/stored-error.ts";
import type { Attempt } from "./attempt.ts";
import type { AttemptEnding } from "./executor.ts";

/**
 * How an attempt ends for its job: a resident one goes on, so a handler that returned, cancelled or discarded it has failed.
 * What others decide about it, such as a cancel on request or an invalid payload, ends it all the same.
 */
export function allowedEnding(
  { handler, abort, job }: Attempt,
  ending: AttemptEnding,
): AttemptEnding {
  if (handler.definition.kind !== "resident") return ending;
  const ownWill =
    ending.kind === "completed" ||
    (ending.kind === "cancelled" && abort.reason?.kind !== "cancel") ||
    (ending.kind === "discarded" && ending.code !== "PAYLOAD_INVALID");
  if (!ownWill) return ending;
  const error = new HoldfastError(
    "RESULT_INVALID",
    `The handler of the resident job ${JSON.stringify(job.name)} ended it; it may only return job.rescheduleIn, rescheduleAt or rescheduleNow.`,
  );
  return { kind: "failed", error: storeError(error) };
}
