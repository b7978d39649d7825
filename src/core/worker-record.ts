/** A worker as the database knows it. Times are milliseconds since the epoch. */
export interface WorkerRecord {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly bootId: string;
  readonly queues: readonly string[];
  readonly handlers: readonly string[];
  /** Handler name to the newest payload version it understands; empty from workers that do not say. */
  readonly versions: Readonly<Record<string, number>>;
  readonly leaseMs: number;
  readonly startedAt: number;
  /** A value that changes with every heartbeat; only its change means something. */
  readonly beat: string;
}
