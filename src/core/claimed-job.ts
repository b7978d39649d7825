import type { Attempt } from "./attempt.ts";
import type { Gate } from "./gate.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/** The right a claim grants: writes about a running job carry all three and touch nothing when one is stale. */
export interface Lease {
  readonly id: string;
  /** The id of the worker's registration; a restarted worker has a new one. */
  readonly owner: string;
  /** Raised by every claim, lowered by nothing. */
  readonly run: number;
}

/** A job this process holds the lease of. JSON columns are text, not yet parsed. */
export interface ClaimedJob {
  readonly lease: Lease;
  readonly name: string;
  readonly version: number;
  readonly queue: string;
  readonly payload: string;
  readonly checkpoint: string | null;
  /** This attempt's number, 1 for the first. */
  readonly attempt: number;
  readonly crashes: number;
  /**
   * False while the handler has not started. Claims mark jobs as started at once, except those that crashed before:
   * they wait until nothing runs beside them.
   */
  readonly started: boolean;
  readonly createdAt: number;
  readonly runAt: number;
  readonly claimedAt: number;
  /** The backoff before this attempt, 0 when there was none. */
  readonly backoffMs: number;
  readonly policy: RetryPolicy;
  readonly attempts: readonly Attempt[];
  readonly tags: readonly string[];
  /** What it was let in through; empty for most jobs. */
  readonly gates: readonly Gate[];
  /** The trace it was enqueued in, as `core/trace.ts` writes it. */
  readonly trace: string | null;
}
