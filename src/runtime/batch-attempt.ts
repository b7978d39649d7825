import type { BatchHandler } from "../core/batch.ts";
import { HoldfastError } from "../core/errors.ts";
import type { HandlerSpan } from "../core/telemetry.ts";
import type { Abort } from "./abort.ts";
import type { MemberParts, OutcomeTally } from "./batch-member.ts";
import type { EndingLatch } from "./ending-latch.ts";

/** One run of a batch handler: its jobs, each with a signal of its own, and what they share. */
export interface BatchAttempt {
  readonly handler: BatchHandler<never>;
  readonly members: readonly MemberParts[];
  /** Of the whole batch. */
  readonly abort: Abort;
  /** Held by `batch.transaction`, for all members. */
  readonly ending: EndingLatch;
  readonly tally: OutcomeTally;
  /** What telemetry makes of it, when there is any. */
  readonly span: HandlerSpan | undefined;
}

/** The error for a batch some of whose leases another worker may hold by now. */
export function batchLeaseLost(ids: readonly string[]): HoldfastError {
  return new HoldfastError(
    "LEASE_LOST",
    `This worker no longer holds ${ids.length} of the batch's jobs (${ids.join(", ")}), so the batch's transaction was rolled back. The other jobs are given back and come again.`,
    { details: { ids } },
  );
}
