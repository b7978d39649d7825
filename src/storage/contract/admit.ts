/** What one admission did. */
export interface AdmitAnswer {
  /** Jobs that became available. */
  readonly rows: number;
  /** True when more could be let in at once, or somebody else was at a gate: call again. */
  readonly more: boolean;
  /** The queues that got work, to wake. */
  readonly queues: readonly string[];
  /** When a rate lets the next one through; `null` when none waits for a rate. */
  readonly nextAt: number | null;
  /** Scopes jobs wait for that nobody declared. */
  readonly undeclared: readonly string[];
}

/** What one pass over the lines did. */
export interface AdmitPass extends AdmitAnswer {
  /** True when jobs are blocked: look again soon. */
  readonly waiting: boolean;
  /** True when a gate was left as it is, for somebody else was at it, or unfinished: `nextAt` does not speak for it. */
  readonly partial: boolean;
}

/**
 * Letting blocked jobs through their gates. A job is let in when every one of its gates has room and a live worker can run it: all
 * gates or none, oldest first at each. A permit counts as long as its job is available or running, so no end of a job has to
 * give one back, and no crash can keep one.
 */
export interface AdmitStore {
  /**
   * Lets the oldest waiting jobs of these gates in, at most 100. A gate somebody else is at is left alone and `more` is true.
   * In a transaction of its own, after the commit it follows up.
   */
  admitJobs(gates: readonly string[], now: number): Promise<AdmitAnswer>;
  /**
   * The pass that makes up for every call that was lost: jobs that were let in and cannot run (queue paused, cooling, unserved) go back
   * to the front of their lines, at the latest when they keep out one who can run; then whoever can is let in. Looks at `limit` gates or a few times as many, going on where
   * the last pass of this process stopped.
   */
  admitWaiting(limit: number, now: number): Promise<AdmitPass>;
  /** Jobs let in through a gate and not ended, oldest id first. Never writes. */
  listHolders(gate: string, limit: number): Promise<readonly string[]>;
}
