import type { OperatorOptions } from "./queues-client.ts";
import type { PassReport, WorkerRecord } from "./worker-record.ts";

/** The workers registered now. */
export interface WorkersClient {
  /** All of them, in the order they registered: what they serve, how they are and what they run. */
  list(): Promise<readonly WorkerRecord[]>;
  /** One of them, or `undefined` when none with this id is registered. */
  get(id: string): Promise<WorkerRecord | undefined>;
  /**
   * Lets a worker of any process drain: it claims nothing more, lets its jobs end as `worker.stop` does, and stops, which
   * `worker.stopped` tells its application. It follows within 2 s, at once where wakeups arrive. Resolves when that is ordered, not
   * when it is done.
   *
   * @throws {HoldfastError} `WORKER_NOT_FOUND`, `INVALID_OPTION`.
   * @example
   * ```ts
   * for (const { id, host } of await client.workers.list()) {
   *   if (host === "web-7") await client.workers.drain(id, { by: "ada" });
   * }
   * ```
   */
  drain(id: string, options?: OperatorOptions): Promise<void>;
}

/** One pass of maintenance on one worker, as its last heartbeat told. */
export interface MaintenancePass extends PassReport {
  /** `promote`, `admit`, `rescue`, `prune` or `reclaim`. */
  readonly name: string;
  /** The id of the worker. */
  readonly worker: string;
}

/** The maintenance that workers do: there is no leader, so each of them does all of it. */
export interface MaintenanceClient {
  /**
   * Every pass of every live worker, by name, the one that ran last first.
   *
   * @example
   * ```ts
   * const failing = (await client.maintenance.list()).filter(({ error }) => error !== null);
   * ```
   */
  list(): Promise<readonly MaintenancePass[]>;
}
