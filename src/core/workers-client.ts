import type { PassReport, WorkerRecord } from "./worker-record.ts";

/** The workers registered now. */
export interface WorkersClient {
  /** All of them, in the order they registered: what they serve, how they are and what they run. */
  list(): Promise<readonly WorkerRecord[]>;
  /** One of them, or `undefined` when none with this id is registered. */
  get(id: string): Promise<WorkerRecord | undefined>;
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
