import type { Attempt } from "./attempt.ts";
import type { ClaimedJob, Lease } from "./claimed-job.ts";
import type { EndReason } from "./end-reason.ts";
import type { Gate } from "./gate.ts";
import type { JobState } from "./job.ts";

/** The instruction storage writes: where a running job goes next. Storage decides nothing. */
export interface Settlement {
  readonly lease: Lease;
  readonly to: Exclude<JobState, "running">;
  /** When it is due again, for `scheduled` and `retryable`. */
  readonly runAt: number | null;
  /** The attempts counted against the budget from now on. */
  readonly attempt: number;
  readonly crashes: number;
  /** The backoff chosen, for the reset rule of the next attempt; 0 when there was none. */
  readonly backoffMs: number;
  readonly attempts: readonly Attempt[];
  /** JSON text; left out keeps the stored one. */
  readonly result?: string;
  readonly reason: EndReason | null;
  /** True for every settlement but a returned result: a cancel request in between must win. */
  readonly unlessCancelRequested: boolean;
  /** What the job was let in through, to be admitted at once this is written; left out for a job without gates. */
  readonly gates?: readonly Gate[];
  /** Whose attempt it ends, to count it by; one that does not say is not counted. */
  readonly job?: Pick<ClaimedJob, "name" | "queue" | "runAt">;
  /** True when it brings back a job of a worker that has died. */
  readonly rescued?: true;
}
