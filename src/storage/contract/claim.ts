import type { ClaimedJob, Lease } from "../../core/claimed-job.ts";

/** What a worker asks for. */
export interface ClaimRequest {
  /** The worker's registration; the claim takes nothing when it is no longer alive. */
  readonly owner: string;
  /** How many jobs of each queue, in order of preference. */
  readonly queues: readonly { readonly queue: string; readonly limit: number }[];
  /** How many jobs in all. */
  readonly limit: number;
  /** Handler name to the newest payload version it understands; nothing else is taken. */
  readonly handlers: Readonly<Record<string, number>>;
  /**
   * Where to begin in each queue and priority: the smallest `seq` worth looking at, from `ClaimAnswer.floors`.
   * Empty is a sweep from zero. Only an optimisation; a driver may ignore it.
   */
  readonly floors: ClaimFloors;
  readonly now: number;
}

/** Queue to priority to the smallest `seq` worth looking at. */
export type ClaimFloors = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** What a claim took. */
export interface ClaimAnswer {
  /** By priority, then `seq`, within each queue. */
  readonly jobs: readonly ClaimedJob[];
  /** The smallest `seq` just seen in each queue and priority, to begin at next time. */
  readonly floors: ClaimFloors;
}

/** What a worker asks for of one queue that has a `maxRunning`. */
export interface CappedRequest extends Pick<ClaimRequest, "owner" | "handlers" | "floors" | "now"> {
  readonly queue: string;
  /** How many jobs at most. */
  readonly limit: number;
  /** How many of its jobs this worker may run, those that run already included. */
  readonly part: number;
}

/** What such a claim took, and what it saw. */
export interface CappedAnswer extends ClaimAnswer {
  /** How many more of the queue's jobs may run after it; 0 for a queue that has no `maxRunning`. */
  readonly room: number;
  /** How many of the queue's jobs this worker runs after it. */
  readonly own: number;
  /** True when somebody else was claiming from the queue, so that nothing was looked at. */
  readonly busy: boolean;
}

/** Taking jobs exclusively, and giving them back. */
export interface ClaimStore {
  /**
   * Takes available jobs in one statement: raises `run` and `attempt`, sets the owner, marks those without crashes as
   * started. Never takes a job of a paused or cooling queue, or of one that has a `maxRunning`, nor one another worker holds, nor
   * blocks on either. Frees the unique keys held while waiting.
   */
  claimJobs(request: ClaimRequest): Promise<ClaimAnswer>;
  /**
   * Takes jobs of one queue that has a `maxRunning`, in the same way, and never so many that more of its jobs run at once than that,
   * whoever claims at once. Jobs that ran when it was set count.
   */
  claimCapped(request: CappedRequest): Promise<CappedAnswer>;
  /**
   * Marks claimed jobs as started, so that a crash from now on is charged to them.
   * Gives the leases that are lost.
   */
  startJobs(leases: readonly Lease[], now: number): Promise<readonly Lease[]>;
}
