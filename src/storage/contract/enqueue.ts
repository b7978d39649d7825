import type { EnqueueReceipt } from "../../core/enqueue-options.ts";
import type { NewJob } from "../../core/new-job.ts";

/** Putting jobs in. */
export interface EnqueueStore {
  /**
   * Stores jobs: all or nothing, one receipt each, in order; ids and order numbers rise with the position.
   * A job due later than its `createdAt` is `scheduled`, any other `available`,
   * or `blocked` when it has gates: to be let in after the commit by `admitJobs`. 100,000 rows in one call are fine: they are
   * written in chunks inside one transaction.
   *
   * Unique keys are taken in sorted order. A key that is free, past its `until`, or held by a job of this call resolves
   * as its `onConflict` says: `skip` gives the holder with `existing`; `replace` rewrites a holder that has not started (payload,
   * run time, priority, queue, policy, tags; its id stays) and gives `replaced`; `error` throws.
   *
   * Idempotency keys come first, in sorted order before any unique key: one that is known gives its job with `existing`, until
   * its time after that job's end is up, also when the job's row is gone (`kept: false`). A job whose unique key hands on state
   * begins with the last checkpoint of the job before it.
   *
   * Without `tx`, whoever waits for these queues, here or in another process, is told with the commit. With `tx` everything happens inside the caller's open transaction: a `pg` client or pool client, a SQLite handle
   * of the same file, or what `transact` handed out.
   *
   * @throws {HoldfastError} `UNIQUE_CONFLICT` with `details.holder`, `UNIQUE_BUSY` after three tries, `INVALID_OPTION` for a `tx`
   * that is not one, `ENQUEUE_UNKNOWN` when the commit's answer was lost, `STORAGE_*`.
   */
  insertJobs(jobs: readonly NewJob[], tx?: object): Promise<readonly EnqueueReceipt[]>;
}
