import { DiscardError, ThrottleError } from "../core/endings.ts";
import { restoreError } from "../core/stored-error.ts";
import type { ChildJob } from "./child-job.ts";
import type { Reply } from "./protocol/child-message.ts";

/**
 * What a handler returns for a child's reply.
 *
 * @throws what a handler throws for it: the child's error, a `DiscardError` or a `ThrottleError`.
 */
export function endingOf(reply: Reply, job: ChildJob): unknown {
  switch (reply.type) {
    case "ok":
      return reply.result;
    case "snooze":
      return job.snooze(reply.delayMs);
    case "discard":
      throw new DiscardError(reply.message);
    case "throttled":
      throw new ThrottleError(reply.retryAfterMs, reply.message);
    case "error":
      throw restoreError(reply.error);
  }
}
