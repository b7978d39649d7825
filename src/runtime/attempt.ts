import { countedAttempt } from "../core/backoff.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import type { JobHandler } from "../core/define-job.ts";
import { HoldfastError } from "../core/errors.ts";
import type { HandlerSpan } from "../core/telemetry.ts";
import type { Abort } from "./abort.ts";
import type { EndingLatch } from "./ending-latch.ts";

/** One try under way: the claimed job, its definition, how it may be stopped and how it chose to end. */
export interface Attempt {
  readonly job: ClaimedJob;
  readonly handler: Pick<JobHandler<never>, "definition">;
  readonly abort: Abort;
  readonly ending: EndingLatch;
  readonly clock: Clock;
  /** When the handler began, by the injected clock. */
  readonly began: number;
  /** What telemetry makes of it, when there is any. */
  readonly span: HandlerSpan | undefined;
}

/** The try of a job that has a handler to itself. */
export interface SingleAttempt extends Attempt {
  readonly handler: JobHandler<never>;
}

/** The trace it runs in: its own, else the one its job was enqueued in. */
export function attemptTrace({ job, span }: Pick<Attempt, "job" | "span">): string | undefined {
  return span?.trace ?? job.trace ?? undefined;
}

/** The number a try has against the budget if it fails now: 1 again after a long enough run. */
export function countedNow({ job, clock, began }: Attempt): number {
  return countedAttempt(job.policy, job.attempt, clock.now() - began, job.backoffMs);
}

/** The error for writes of an attempt whose lease another worker may hold by now. */
export function leaseLost(job: ClaimedJob): HoldfastError {
  return new HoldfastError(
    "LEASE_LOST",
    `This worker no longer holds job ${job.lease.id} (run ${job.lease.run}): it was rescued, cancelled or finished elsewhere. Stop working on it; nothing was written.`,
    { details: { id: job.lease.id, run: job.lease.run } },
  );
}
