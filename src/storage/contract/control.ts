import type { CancelRequest } from "../../core/job.ts";
import type { JobRewrite } from "../../core/job-change.ts";
import type { Orders } from "../../core/orders.ts";
import type { QueueEdit } from "../../core/queue-change.ts";
import type { Cooling } from "../../core/throttle.ts";

/** When an operator acted, and who it was. */
export interface Act {
  readonly now: number;
  readonly by: string | null;
}

/** What became of a change: the queue the job is in, and the time it waits for, `null` when it is due. */
export type UpdateAnswer =
  | { readonly queue: string; readonly dueAt: number | null }
  | "running"
  | "finished"
  | "missing";

/**
 * Operators' verbs. What frees a gate, or puts a job before one, is followed by an admission there, after its own commit and as
 * far as that works. `missing` only ever comes from one consistent read that found no job.
 */
export interface ControlStore {
  /** Cancels a waiting job, or sets the request on a running one. */
  cancelJob(
    id: string,
    request: CancelRequest,
  ): Promise<"cancelled" | "cancelling" | "finished" | "missing">;
  /**
   * Makes a cancelled or discarded job available again, or blocked when it has gates: attempt and crashes back to 0, checkpoint and attempts kept, reason cleared.
   * Its unique key is taken again, until it has finished; one held for good whose time is up is not.
   *
   * @throws {HoldfastError} `UNIQUE_CONFLICT` with `details.holder` when the key is held by another job.
   */
  retryJob(id: string, now: number): Promise<"retried" | "not-retryable" | "missing">;
  /** Makes a scheduled or retryable job available, or blocked when it has gates; `already` when it is available, blocked or running. */
  runJobNow(id: string, now: number): Promise<"available" | "already" | "finished" | "missing">;
  /**
   * Changes a job that waits, all of it or nothing. With a moment after now it is `scheduled`, or stays `retryable`; with one not after
   * now it is due. In a new queue or priority it goes to the end of the line; at a gate it keeps its place. Its unique key and gates
   * stay as they are.
   */
  updateJob(id: string, rewrite: JobRewrite, now: number): Promise<UpdateAnswer>;
  /**
   * Removes a job that is not running, with its unique key and the state it would hand on. The idempotency keys of one that
   * waited are free, those of a finished one count on. Who may go ahead now is let in at once when `now` is given.
   */
  deleteJob(id: string, now?: number): Promise<"deleted" | "running" | "missing">;
  /**
   * Pauses or resumes a queue, creating its row when there is none. Jobs of a paused queue that were let in through their gates
   * and have not started go back to the front of their lines; who may go ahead now is let in at once when `now` is given.
   */
  pauseQueue(name: string, paused: boolean, now?: number, by?: string | null): Promise<void>;
  /** Changes the settings of a queue, creating its row when there is none; what the edit does not name stays. */
  updateQueue(name: string, edit: QueueEdit, act: Act): Promise<void>;
  /** Closes a queue by compare-and-set on its cooling; false when somebody changed it first. */
  coolQueue(name: string, from: Cooling, to: Cooling): Promise<boolean>;
  /**
   * What operators have ordered, as one consistent read of few rows: settings that bear on running workers, and whether this one
   * is to drain, be its registration dead or not. With `names`, every queue there is, those included that have nothing but jobs ready to run or waiting at a gate.
   */
  readOrders(worker: string, names: boolean): Promise<Orders>;
}
