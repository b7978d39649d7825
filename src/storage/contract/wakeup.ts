/**
 * "There may be work": hints, never data. Losing every one of them costs latency, never a job.
 */
export interface WakeupStore {
  /** Tells every process listening that these queues may have work. After the commit, never inside it. Never throws. */
  wake(queues: readonly string[]): Promise<void>;
  /** Tells every process that running jobs have cancel requests to look for. Never throws. */
  wakeCancelled(ids: readonly string[]): Promise<void>;
  /**
   * Calls back on every hint from any process; reconnects by itself. The returned function stops it.
   */
  listen(listener: WakeupListener): Promise<() => Promise<void>>;
}

/** What a process does about hints. */
export interface WakeupListener {
  /** These queues may have work; none named means any queue. */
  readonly onWork: (queues: readonly string[]) => void;
  /** These jobs may have a cancel request; none named means any job. */
  readonly onCancel: (ids: readonly string[]) => void;
}
