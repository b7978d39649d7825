import type { Client } from "./client.ts";
import type { Clock } from "./clock.ts";
import type { AnyJobDefinition } from "./job-request.ts";
import type { BatchPlan } from "./batch-options.ts";
import type { BisectBudget } from "./bisect.ts";
import type { Duration } from "./duration.ts";
import type { JobContext, JobTransactionOptions, WorkerIdentity } from "./job-context.ts";
import type { JobId } from "./job.ts";
import type { Logger } from "./logger.ts";
import type { Transaction, UsingOptions } from "./transaction.ts";

/** How one item of a batch is to end. It does nothing until it is handed back, by the handler or inside `batch.transaction`. */
export interface BatchOutcome {
  readonly id: JobId;
  readonly kind:
    | "completed"
    | "failed"
    | "rescheduled"
    | "snoozed"
    | "throttled"
    | "cancelled"
    | "discarded";
}

/** One job of a batch: its payload, what a handler may write while it runs, and every way to end it. */
export interface BatchItem<Payload = unknown, Result = unknown>
  extends Pick<
    JobContext<Result>,
    | "id"
    | "name"
    | "queue"
    | "attempt"
    | "run"
    | "tags"
    | "tick"
    | "log"
    | "state"
    | "progress"
    | "setResult"
  > {
  readonly payload: Payload;
  /** Aborts for a cancel or lost lease of this item, and for whatever stops the whole batch. */
  readonly signal: AbortSignal;

  /** Completes it; without a result the one of `setResult` stays. */
  complete(
    ...result: undefined extends Result ? [result?: Result] : [result: Result]
  ): BatchOutcome;
  /** One failed attempt, as if its handler had thrown this; a `DiscardError`, `CancelError` or `ThrottleError` counts as such. */
  fail(error: unknown): BatchOutcome;
  /** A success that books the next run; attempt goes back to 1 and `state` is kept. */
  rescheduleIn(delay: Duration): BatchOutcome;
  /** Like `rescheduleIn`, at a moment. */
  rescheduleAt(time: Date | number): BatchOutcome;
  /** Like `rescheduleIn`, at once. */
  rescheduleNow(): BatchOutcome;
  /** Runs again later; no attempt spent. */
  snooze(delay: Duration): BatchOutcome;
  /** Snoozes and cools the whole queue down; without a delay the queue's throttle curve decides. */
  throttle(retryAfter?: Duration): BatchOutcome;
  /** Ends it as cancelled. */
  cancel(why: string): BatchOutcome;
  /** Gives it up, whatever attempts are left. */
  discard(why: string): BatchOutcome;
}

/** What a batch comes to: one outcome for each item, in any order, or nothing, which completes them all. */
export type BatchReturn = readonly BatchOutcome[] | void;

/** How `batch.bisect` searches. */
export interface BisectOptions {
  /** The probes it may make: `"auto"` finds one bad item, `"full"` finds all, a number is a limit. Default `"auto"`. */
  readonly budget?: BisectBudget;
}

/** What a batch handler is given: the jobs claimed together, and ways to end them together or one by one. */
export interface JobBatch<Payload = unknown, Result = unknown, Services = unknown> {
  /** The jobs, at least one; those whose payload was invalid are left out and discarded. */
  readonly items: readonly BatchItem<Payload, Result>[];
  /** The name of the definition. */
  readonly name: string;
  readonly worker: WorkerIdentity;
  readonly client: Client;
  readonly clock: Clock;
  /** Aborts when the batch takes longer than its definition's `timeout`, at a shutdown, or when every item's signal has. */
  readonly signal: AbortSignal;
  /** Writes to the worker's logger with the definition's name and the number of items. */
  readonly log: Logger;
  /** What the application handed to `createWorker`. */
  readonly services: Services;
  /** Enqueues a job, like `job.enqueue`. */
  readonly enqueue: Client["enqueue"];
  /** Enqueues many jobs, like `job.enqueueMany`. */
  readonly enqueueMany: Client["enqueueMany"];

  /**
   * Runs `fn` in a transaction that also ends every item as `fn` says: its writes, the jobs enqueued with its `tx` and all
   * endings commit together or not at all.
   *
   * @throws {HoldfastError} `ALREADY_SETTLED` on a second call, `BATCH_OUTCOMES_MISMATCH`, `LEASE_LOST` when one item is no
   * longer this worker's (everything is rolled back), `TRANSACTION_RETRY` after three conflicts, `TRANSACTION_TOO_LONG`,
   * `POOL_EXHAUSTED`.
   */
  transaction<Tx extends object>(
    fn: (tx: Tx) => Promise<BatchReturn>,
    options: JobTransactionOptions & UsingOptions<Tx>,
  ): Promise<void>;
  transaction(
    fn: (tx: Transaction) => Promise<BatchReturn>,
    options?: JobTransactionOptions,
  ): Promise<void>;

  /**
   * Runs `fn` for one item after the other, each in a savepoint of `tx`. An item whose `fn` throws is rolled back alone and
   * fails with what was thrown; the others keep their writes. A value returned is the item's result.
   *
   * @throws {HoldfastError} `TRANSACTION_RETRY` after three conflicts with other transactions, `STORAGE_*`.
   */
  isolated(
    tx: object,
    fn: (item: BatchItem<Payload, Result>) => Promise<Result | BatchOutcome | void>,
  ): Promise<readonly BatchOutcome[]>;

  /**
   * Runs `fn` for all items in one savepoint of `tx`. When it throws, halves are tried, the largest first, until the bad items
   * stand alone or the budget is spent: those tried alone fail with what `fn` threw for them, those not resolved with
   * `BATCH_UNRESOLVED`, and all others keep their writes.
   *
   * @throws {HoldfastError} `TRANSACTION_RETRY` after three conflicts with other transactions (which are nobody's fault and
   * split nothing), `BATCH_OUTCOMES_MISMATCH`, `STORAGE_*`.
   */
  bisect(
    tx: object,
    fn: (items: readonly BatchItem<Payload, Result>[]) => Promise<BatchReturn>,
    options?: BisectOptions,
  ): Promise<readonly BatchOutcome[]>;
}

/** The user's function for many jobs at once. */
export type BatchHandlerFunction<Payload, ResultInput, Services> = (
  batch: JobBatch<Payload, ResultInput, Services>,
) => BatchReturn | Promise<BatchReturn>;

/** A definition together with the function that does its work many jobs at a time, ready for `createWorker`. */
export interface BatchHandler<in Services = unknown> {
  readonly definition: AnyJobDefinition;
  readonly plan: BatchPlan;
  readonly runBatch: (batch: JobBatch<unknown, unknown, Services>) => unknown;
}
