import type { Client } from "./client.ts";
import type { Clock } from "./clock.ts";
import type { Duration } from "./duration.ts";
import type { JobId } from "./job.ts";
import type { RateLimits } from "./limits-client.ts";
import type { Logger } from "./logger.ts";
import type { Tick } from "./schedule-tags.ts";
import type { Transaction, UsingOptions } from "./transaction.ts";

declare const ending: unique symbol;
declare const again: unique symbol;

/** What the ways to end other than a result give; return it from the handler. */
export interface Ending {
  readonly [ending]: true;
}

/** The ending of a job that goes on: all that the handler of a resident job may return. */
export interface Reschedule extends Ending {
  readonly [again]: true;
}

/** Why a handler's `signal` aborted; it is `signal.reason`. */
export interface AbortReason {
  readonly kind: "cancel" | "timeout" | "shutdown" | "lease-lost";
  readonly message: string;
  /** For `cancel`: who asked, when they said so. */
  readonly by?: string;
}

/** The process start a job runs in. */
export interface WorkerIdentity {
  /** The worker's registration; the owner in the job's lease. */
  readonly id: string;
  readonly host: string;
  /** Stable for one process start. */
  readonly bootId: string;
}

/** A checkpoint kept across attempts: JSON, one value per job. */
export interface Checkpoint {
  /** The value stored last, by this attempt or an earlier one. */
  get<Value = unknown>(): Value | undefined;
  /**
   * Stores a value at once.
   *
   * @throws {HoldfastError} `LEASE_LOST` when the job is no longer this worker's; `PAYLOAD_INVALID`, `PAYLOAD_TOO_LARGE`.
   */
  set(value: unknown): Promise<void>;
}

/** How `job.transaction` runs. */
export interface JobTransactionOptions {
  /** PostgreSQL only; default `"read committed"`. A stricter level's conflict runs the function again, at most twice. */
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
}

/** What a handler is given beside its payload: who it is, how to stop, and every way to end. */
export interface JobContext<Result = unknown, Services = unknown> {
  readonly id: JobId;
  readonly name: string;
  readonly queue: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Raised by every claim: with `id` it fences effects elsewhere. */
  readonly run: number;
  readonly tags: readonly string[];
  /** The tick of a schedule that made the job: which, when it was, and how late the job was made; `undefined` for any other job. */
  readonly tick: Tick | undefined;
  readonly worker: WorkerIdentity;
  readonly client: Client;
  readonly clock: Clock;
  /** The trace it runs in, when telemetry or whoever enqueued it says so: 32 hexadecimal digits. */
  readonly traceId: string | undefined;
  /** The same as a W3C `traceparent`, with its `tracestate` after a space, for what goes on with the trace elsewhere. */
  readonly trace: string | undefined;
  /** Aborts for cancel, timeout, shutdown or a lost lease; `signal.reason` is an `AbortReason` and an `Error`. */
  readonly signal: AbortSignal;
  /**
   * Writes to the worker's logger with the job's id, name and attempt, and its trace id when there is one. All but `debug` lines
   * are kept with the job too: `client.jobs.logs`.
   */
  readonly log: Logger;
  /** What the application handed to `createWorker`. */
  readonly services: Services;
  readonly state: Checkpoint;
  /** Rates shared with every process, for calls the handler makes. */
  readonly rateLimit: RateLimits;

  /** Stores how far it is, any JSON; seen by `client.jobs.get`. Throws `LEASE_LOST` like every write of a running job. */
  progress(value: unknown): Promise<void>;
  /** Stores the result now; the last value wins, and a value returned later replaces it. */
  setResult(result: Result): Promise<void>;

  /** Enqueues a job, like `client.enqueue`; a transient conflict is tried again after 100 ms, 300 ms and 1 s. */
  readonly enqueue: Client["enqueue"];
  /** Enqueues many jobs, like `client.enqueueMany`, with the same patience. */
  readonly enqueueMany: Client["enqueueMany"];

  /**
   * Runs `fn` in a transaction that also completes the job with `fn`'s value: its writes, the jobs enqueued with its `tx`
   * and the completion commit together or not at all. `using` has your own library open it, and gives `fn` that library's object.
   *
   * @throws {HoldfastError} `ALREADY_SETTLED` on a second call or beside another ending, `LEASE_LOST` (everything is
   * rolled back), `TRANSACTION_RETRY` after three conflicts, `TRANSACTION_TOO_LONG`, `POOL_EXHAUSTED`.
   */
  transaction<Value extends Result, Tx extends object>(
    fn: (tx: Tx) => Promise<Value>,
    options: JobTransactionOptions & UsingOptions<Tx>,
  ): Promise<Value>;
  transaction<Value extends Result>(
    fn: (tx: Transaction) => Promise<Value>,
    options?: JobTransactionOptions,
  ): Promise<Value>;

  /** A success that books the next run; attempt goes back to 1 and `state` is kept. */
  rescheduleIn(delay: Duration): Reschedule;
  /** Like `rescheduleIn`, at a moment. */
  rescheduleAt(time: Date | number): Reschedule;
  /** Like `rescheduleIn`, at once. */
  rescheduleNow(): Reschedule;
  /** Runs again later; no attempt spent. */
  snooze(delay: Duration): Ending;
  /** Snoozes and cools the whole queue down; without a delay the queue's throttle curve decides. */
  throttle(retryAfter?: Duration): Ending;
  /** Ends the job as cancelled. */
  cancel(why: string): Ending;
  /** Gives the job up, whatever attempts are left. */
  discard(why: string): Ending;
}

/** What any code that a handler calls may know of the job: its context but for the ways to end it. */
export type CurrentJob = Pick<
  JobContext,
  | "id"
  | "name"
  | "queue"
  | "attempt"
  | "run"
  | "tags"
  | "tick"
  | "worker"
  | "client"
  | "clock"
  | "traceId"
  | "trace"
  | "signal"
  | "log"
  | "state"
  | "progress"
  | "enqueue"
  | "enqueueMany"
>;
