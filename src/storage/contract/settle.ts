import type { Lease } from "../../core/claimed-job.ts";
import type { CancelRequest } from "../../core/job.ts";
import type { Settlement } from "../../core/settlement.ts";

/** What became of one settlement. */
export type SettleAnswer =
  | { readonly outcome: "settled" }
  /** The job is no longer this lease's; nothing was written. */
  | { readonly outcome: "lease-lost" }
  /** Someone asked for a cancel in between and the settlement would have let the job live; nothing was written. */
  | { readonly outcome: "cancel-requested"; readonly request: CancelRequest };

/** Values a running job may store before it ends, each JSON text. */
export interface JobPatch {
  readonly checkpoint?: string;
  readonly progress?: string;
  readonly result?: string;
}

/** Writing how attempts ended. */
export interface SettleStore {
  /**
   * Writes settlements, each fenced by its lease, one answer each, in order; a refused one leaves the others alone. With a transaction it is the
   * last thing written before its commit. A finished job frees its unique key, unless that is held for good.
   */
  settleJobs(
    settlements: readonly Settlement[],
    now: number,
    tx?: object,
  ): Promise<readonly SettleAnswer[]>;
  /** Stores values of a running job; false when the lease is lost. */
  patchJob(lease: Lease, patch: JobPatch): Promise<boolean>;
  /** The cancel requests standing against these leases, and which leases are lost. */
  checkLeases(leases: readonly Lease[]): Promise<{
    readonly lost: readonly Lease[];
    readonly cancelled: readonly { readonly lease: Lease; readonly request: CancelRequest }[];
  }>;
}
