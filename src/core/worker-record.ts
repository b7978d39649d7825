/** One pass of a worker's maintenance, as it last ran there. Times are milliseconds. */
export interface PassReport {
  /** When the last run began, since the epoch. */
  readonly ranAt: number;
  readonly tookMs: number;
  /** What the last run moved or removed. */
  readonly rows: number;
  /** The runs of this registration, and all they moved or removed. */
  readonly runs: number;
  readonly total: number;
  /** What the last run failed with; `null` when it worked. */
  readonly error: string | null;
}

/** What a worker said of itself with its last heartbeat. */
export interface WorkerReport {
  /** The longest that its main loop was late since the heartbeat before, in milliseconds. */
  readonly lagMs: number;
  /** Memory of the whole process, and of the JavaScript heap of its main thread, in bytes. */
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Places taken by jobs, a batch taking one, of how many there are. */
  readonly running: number;
  readonly places: number;
  /** The jobs begun last that still run, newest first, at most 20; a batch is there by its first job. */
  readonly jobs: readonly string[];
  /** Its maintenance, by the name of the pass. */
  readonly passes: Readonly<Record<string, PassReport>>;
}

/** A worker as the database knows it. Times are milliseconds since the epoch. */
export interface WorkerRecord {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** The version of Holdfast it runs; `null` from workers too old to say. */
  readonly version: string | null;
  /** Of its process start, the same for every registration of it. */
  readonly bootId: string;
  readonly queues: readonly string[];
  /** How many jobs of each queue it runs at once; empty from workers that do not say. */
  readonly slots: Readonly<Record<string, number>>;
  readonly handlers: readonly string[];
  /** Handler name to the newest payload version it understands; empty from workers that do not say. */
  readonly versions: Readonly<Record<string, number>>;
  /** `draining` claims nothing more and stops when its jobs have ended. */
  readonly state: "running" | "draining";
  /** Who asked it to drain, when that was said. */
  readonly drainedBy: string | null;
  readonly leaseMs: number;
  readonly startedAt: number;
  /** A value that changes with every heartbeat; only its change means something. */
  readonly beat: string;
  /** How long ago its last heartbeat was by the database's time; `null` for workers too old to say. */
  readonly lastBeatMs: number | null;
  /** What its last heartbeat said; `null` before the first, and for workers too old to say. */
  readonly report: WorkerReport | null;
}
