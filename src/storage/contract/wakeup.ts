/**
 * "There may be work": hints, never data. Losing every one of them costs latency, never a job.
 */
export interface WakeupStore {
  /**
   * Tells every process that waits for these queues that they may have work, and when a job is due soon. After the commit,
   * never inside it. Never throws.
   */
  wake(queues: readonly string[], dueAt?: number): Promise<void>;
  /** Tells every process that running jobs have cancel requests to look for. Never throws. */
  wakeCancelled(ids: readonly string[]): Promise<void>;
  /** Tells every process that workers have orders to read: settings of a queue, or to drain. Never throws. */
  wakeOrders(): Promise<void>;
  /** Calls back on hints from any process; reconnects by itself. */
  listen(listener: WakeupListener): Promise<Listening>;
}

/** An ear for hints. */
export interface Listening {
  /**
   * Says which queues this listener waits for, having found nothing in them; hints about others may be left out. Resolves to
   * true when hints sent from now on will arrive as far as anyone can tell, so that looking again may be rare; what came
   * before is to be looked for once more.
   */
  waitFor(queues: readonly string[]): Promise<boolean>;
  stop(): Promise<void>;
}

/** What a process does about hints. */
export interface WakeupListener {
  /** These queues may have work; none named means any queue. */
  readonly onWork: (queues: readonly string[]) => void;
  /** These jobs may have a cancel request; none named means any job. */
  readonly onCancel: (ids: readonly string[]) => void;
  /** Settings of a queue have changed, or a worker is to drain. */
  readonly onOrders?: () => void;
  /** A job was stored that is due at this moment. */
  readonly onDue?: (dueAt: number) => void;
}
