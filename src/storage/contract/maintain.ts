import type { ClaimedJob } from "../../core/claimed-job.ts";

/** What one pass of a bounded chore did. */
export interface PassAnswer {
  /** Rows moved or removed. */
  readonly rows: number;
  /** True when the batch was full: there may be more at once. */
  readonly more: boolean;
}

/** What maintenance has to do next. Every promotion tells it, so that no other pass has to ask while there is nothing for it to do. */
export interface Agenda {
  /** When the next job is due; `null` when none waits. */
  readonly nextDueAt: number | null;
  /** When the next schedule is due, which may be now; `null` when none waits. */
  readonly nextTickAt: number | null;
  /** True when jobs are blocked: somebody may have to be let in. */
  readonly waiting: boolean;
  /** True when an operation on many jobs runs, whoever is at it. */
  readonly operating: boolean;
}

/** What one promotion did, and the agenda after it. */
export interface PromoteAnswer extends PassAnswer, Agenda {
  /** The queues that got work, to wake. */
  readonly queues: readonly string[];
  /** The first gate of each job that is due now and has to be let in: to be admitted at. */
  readonly gates: readonly string[];
}

/** What one attempt to give space back did. */
export interface ReclaimAnswer {
  /** Jobs moved out of the way. */
  readonly moved: number;
  /** True when there is space to give back that could not be now, because somebody works on it or its turn has not come. */
  readonly pending: boolean;
}

/** Chores any process may do at any time: bounded batches, rows locked in id order, locked rows skipped. */
export interface MaintainStore {
  /** Moves due jobs to `available`, those with gates to `blocked`; oldest due first, each with a new order number. */
  promoteJobs(limit: number, now: number): Promise<PromoteAnswer>;
  /**
   * Running jobs whose owner has no live registration, oldest id first. The rescuer settles them under the lease they carry,
   * so two rescuers cannot both succeed. `undefined` when it had to wait for SQLite's writer, as in an outage that all share: ask
   * again later.
   */
  listOrphans(limit: number): Promise<readonly ClaimedJob[] | undefined>;
  /**
   * Removes finished jobs past their retention, whole expiry days at a time, keys past their time, and
   * permits and buckets nobody needs any more. What outlives a job stays:
   * its idempotency keys, and the state its key hands on.
   */
  pruneJobs(limit: number, now: number): Promise<PassAnswer>;
  /** Gives back the space of jobs that have left, as far as that holds nobody up; a driver that needs none does nothing. */
  reclaimSpace(): Promise<ReclaimAnswer>;
}
