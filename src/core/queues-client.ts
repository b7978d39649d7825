import type { Duration } from "./duration.ts";
import type { Queue } from "./queue.ts";
import type { BackoffCurve } from "./retry-policy.ts";

/** Who does it: for the audit, and shown as `changedBy` of a queue. */
export interface OperatorOptions {
  readonly by?: string;
}

/** What to change of a queue; what is left out stays, `null` takes a setting back. */
export interface QueueChange extends OperatorOptions {
  /** Jobs of it running at once in each process, instead of what the workers' own options say. */
  readonly concurrency?: number | null;
  /** Jobs of it running at once in all processes together; exact, and shared fairly by the workers that serve it. */
  readonly maxRunning?: number | null;
  /** How its jobs come back after a failed attempt or a crash, instead of what their definitions say. */
  readonly backoff?: BackoffCurve | null;
  /** How long jobs that finish from now on are kept. */
  readonly retention?: {
    readonly completed?: Duration | null;
    readonly dead?: Duration | null;
  } | null;
  /** `null` ends its cooling-down: jobs that are ready begin at once, and the next throttle begins its curve anew. */
  readonly cooling?: null;
}

/** How far the jobs of a queue are counted. */
export interface QueueCountOptions {
  /**
   * Counts about so many of each queue and state and no more, 1 to 1000000; `atLeast` names the counts that stopped. A queue that has nothing
   * but jobs due later may be missing when there are more of those. Default all.
   */
  readonly countAtMost?: number;
}

/** Reading and steering queues. Running workers follow within 2 s, and at once where wakeups arrive. */
export interface QueuesClient {
  /**
   * Every queue that has jobs, settings or workers, by name.
   *
   * @throws {HoldfastError} `INVALID_OPTION`.
   * @example
   * ```ts
   * for (const { name, available, atLeast } of await client.queues.list({ countAtMost: 10_000 })) {
   *   console.log(name, `${available}${atLeast.includes("available") ? " or more" : ""}`);
   * }
   * ```
   */
  list(options?: QueueCountOptions): Promise<readonly Queue[]>;
  /** One queue, or `undefined` when nothing is known of it. */
  get(name: string, options?: QueueCountOptions): Promise<Queue | undefined>;
  /**
   * Changes the settings of a queue, which need not exist yet: what is set is stored in the database and outlives every deploy.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `TRANSACTION_OPEN`, `STORAGE_*`.
   * @example
   * ```ts
   * await client.queues.update("emails", { maxRunning: 7, retention: { completed: "2d" } });
   * await client.queues.update("emails", { maxRunning: null }); // as many as the workers have places for
   * await client.queues.update("emails", { cooling: null }); // what it was throttled for is over
   * ```
   */
  update(name: string, to: QueueChange): Promise<void>;
  /** Nothing new is claimed from it; running jobs finish untouched. */
  pause(name: string, options?: OperatorOptions): Promise<void>;
  resume(name: string, options?: OperatorOptions): Promise<void>;
}
