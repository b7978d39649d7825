import type { AuditClient } from "./audit-client.ts";
import type { ClientScope } from "./client-scope.ts";
import type { Clock } from "./clock.ts";
import type { DoctorOptions } from "./doctor-options.ts";
import type { Duration } from "./duration.ts";
import type { EndReason } from "./end-reason.ts";
import type { EnqueueOptions, EnqueueReceipt } from "./enqueue-options.ts";
import type { Diagnosis } from "./finding.ts";
import type { FinishedState, Job, JobId } from "./job.ts";
import type { AnyJobDefinition, EnqueueableJob, JobRequest } from "./job-request.ts";
import type { JobsClient } from "./jobs-client.ts";
import type { LimitsClient } from "./limits-client.ts";
import type { OperationsClient } from "./operations-client.ts";
import type { QueuesClient } from "./queues-client.ts";
import type { SchedulesClient } from "./schedules-client.ts";
import type { StatsClient } from "./stats-client.ts";
import type { Transaction, UsingOptions } from "./transaction.ts";
import type { MaintenanceClient, WorkersClient } from "./workers-client.ts";

/** How a job finished, failure included, as a value. */
export interface FinishedJob<Result = unknown> {
  readonly state: FinishedState;
  /** What was stored, also by a job that failed later. */
  readonly result: Result | undefined;
  readonly reason: EndReason | null;
}

/** How long to wait for a job. */
export interface WaitOptions {
  readonly timeout: Duration;
}

/** One job to wait for or look at. Making a handle touches nothing. */
export interface JobHandle<Result = unknown> {
  readonly id: JobId<Result>;
  /** The job as it is now, or `undefined` when there is none. */
  get(): Promise<Job<Result> | undefined>;
  /**
   * Waits for the job to complete and gives its result.
   *
   * @throws {HoldfastError} `JOB_DISCARDED`, `JOB_CANCELLED` (the reason in `details`), `WAIT_TIMEOUT`, `JOB_NOT_FOUND`.
   */
  result(options: WaitOptions): Promise<Result>;
  /** Waits for the job to finish in whatever way. Throws `WAIT_TIMEOUT` and `JOB_NOT_FOUND` only. */
  finished(options: WaitOptions): Promise<FinishedJob<Result>>;
}

/** Many jobs to wait for together. `Results` has the type of each job's result in its place. */
export interface JobHandles<Results extends readonly unknown[] = readonly unknown[]> {
  readonly ids: readonly JobId[];
  /**
   * Waits for all jobs to complete and gives their results in the order of the ids. Throws as soon as one ended otherwise; the
   * timeout is for all together.
   *
   * @throws {HoldfastError} `JOB_DISCARDED`, `JOB_CANCELLED` (the job and the reason in `details`), `WAIT_TIMEOUT` naming the first
   * job that had not finished, `JOB_NOT_FOUND`.
   */
  all(options: WaitOptions): Promise<{ readonly [Place in keyof Results]: Results[Place] }>;
  /**
   * Waits for all jobs to finish in whatever way: how each did, in the order of the ids; a failed one with any partial result.
   * Throws `WAIT_TIMEOUT` and `JOB_NOT_FOUND` only.
   */
  finished(
    options: WaitOptions,
  ): Promise<{ readonly [Place in keyof Results]: FinishedJob<Results[Place]> }>;
}

/** The producers' and operators' door to Holdfast. Safe to share across an application. */
export interface Client {
  /**
   * Stores a job and answers when it is durable. Concurrent calls share one write.
   *
   * @throws {HoldfastError} `PAYLOAD_INVALID` by path, `PAYLOAD_TOO_LARGE`, `INVALID_OPTION`, `UNIQUE_CONFLICT`,
   * `UNIQUE_BUSY`, `ENQUEUE_UNKNOWN` when the answer could not be observed, `TRANSACTION_OPEN`, `STORAGE_*`.
   * @example
   * ```ts
   * const { id, outcome } = await client.enqueue(sendWelcome, { email }, { delay: "10m" });
   * ```
   */
  enqueue<Input, Result>(
    definition: EnqueueableJob<Input, Result>,
    payload: NoInfer<Input>,
    options?: EnqueueOptions<NoInfer<Input>>,
  ): Promise<EnqueueReceipt<Result>>;
  /** Stores a job by name, its payload unchecked by any schema: for tools and other code bases. */
  enqueue(name: string, payload?: unknown, options?: EnqueueOptions): Promise<EnqueueReceipt>;

  /** Stores many jobs of one kind: all or nothing, one receipt each, in order. */
  enqueueMany<Input, Result>(
    definition: EnqueueableJob<Input, Result>,
    payloads: readonly NoInfer<Input>[],
    options?: EnqueueOptions<NoInfer<Input>>,
  ): Promise<readonly EnqueueReceipt<Result>[]>;
  /** Stores many jobs of many kinds, made by `definition.request`: all or nothing, one receipt each, in order. */
  enqueueMany<const Requests extends readonly JobRequest[]>(
    requests: Requests,
    options?: Pick<EnqueueOptions, "tx">,
  ): Promise<{
    readonly [Index in keyof Requests]: EnqueueReceipt<RequestResult<Requests[Index]>>;
  }>;

  /**
   * Runs `fn` in a transaction of the application's pool (on SQLite: of the one writer, for at most 5 s), commits when it
   * resolves and rolls back when it throws.
   *
   * With `using`, your own library opens it and `fn` gets that library's object.
   *
   * @throws {HoldfastError} `TRANSACTION_TOO_LONG`, `TRANSACTION_RETRY`, `POOL_EXHAUSTED`, `STORAGE_*`; what `fn` throws.
   * @example
   * ```ts
   * import { knex } from "holdfast/orm";
   * import connect from "knex";
   *
   * const db = connect({ client: "pg", connection: "postgres://localhost/app" });
   * await client.transaction(
   *   async (trx) => {
   *     await trx("orders").insert({ id: orderId });
   *     await client.enqueue(sendReceipt, { orderId }, { tx: trx });
   *   },
   *   { using: knex(db) },
   * );
   * ```
   */
  transaction<Value, Tx extends object>(
    fn: (tx: Tx) => Promise<Value>,
    options: UsingOptions<Tx>,
  ): Promise<Value>;
  transaction<Value>(fn: (tx: Transaction) => Promise<Value>): Promise<Value>;

  /**
   * Runs `fn` with an open transaction of your own made known: an enqueue in it that names no `tx` throws `TRANSACTION_OPEN`, or
   * goes into the transaction if the client was made with `transactions: "ambient"`. Every other call of the client throws
   * `TRANSACTION_OPEN`. Neither begins nor ends anything.
   *
   * @throws {HoldfastError} `INVALID_OPTION` for what is no transaction; what `fn` throws.
   * @example
   * ```ts
   * const ambient = await createClient({ pool, transactions: "ambient" });
   * const tx = await pool.connect();
   * await tx.query("BEGIN");
   * await ambient.within(tx, async () => {
   *   await ambient.enqueue(sendReceipt, { orderId }); // a part of tx
   * });
   * await tx.query("COMMIT");
   * tx.release();
   * ```
   */
  within<Value>(tx: object, fn: () => Promise<Value>): Promise<Value>;

  /**
   * This client for a part of the work, such as one request: what is enqueued through it is part of the trace and the transaction it was
   * given. It opens nothing and needs no closing: all but enqueueing is this client's, `close` too. Throws `INVALID_OPTION`.
   *
   * @example
   * ```ts
   * await client.transaction((tx) => signUp(client.scoped({ tx }), email)); // whatever it enqueues is a part of tx
   * ```
   */
  scoped(scope: ClientScope): Client;

  /** One job, by id; nothing is read until asked. */
  handle<Result = unknown>(id: JobId<Result>): JobHandle<Result>;
  /**
   * Many jobs, by id; nothing is read until asked, and waiting asks for all of them at once.
   *
   * @throws {HoldfastError} `INVALID_OPTION` for what is no list of ids.
   * @example
   * ```ts
   * const receipts = await client.enqueueMany(greeting, [{ email: "ada@example.com" }, { email: "bob@example.com" }]);
   * const greetings = await client.handles(receipts.map(({ id }) => id)).all({ timeout: "1m" });
   * ```
   */
  handles<const Ids extends readonly JobId[]>(
    ids: Ids,
  ): JobHandles<{ readonly [Place in keyof Ids]: ResultOfId<Ids[Place]> }>;

  /** The time run times, retries and throttles go by: the database's, or that of the test clock the client was given. */
  readonly clock: Clock;
  readonly jobs: JobsClient;
  readonly queues: QueuesClient;
  readonly workers: WorkersClient;
  readonly maintenance: MaintenanceClient;
  readonly limits: LimitsClient;
  readonly operations: OperationsClient;
  readonly audit: AuditClient;
  readonly schedules: SchedulesClient;
  readonly stats: StatsClient;

  /**
   * Looks at the database, this user's rights, the schema, the workers and what waits, and says what is wrong and how to mend it.
   * It changes nothing and never throws for what it finds, a database that does not answer included. However many jobs
   * there are, it looks at some ten thousand of those that wait, where such stand that nobody can run, and says "at least" of what it
   * has counted in part.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `TRANSACTION_OPEN`, `CLIENT_CLOSED`.
   * @example
   * ```ts
   * const { healthy, findings } = await client.doctor();
   * for (const { level, title, detail, fix } of findings) console.warn(`${level}: ${title}. ${detail} ${fix}`);
   * ```
   */
  doctor(options?: DoctorOptions): Promise<Diagnosis>;

  /** Refuses another definition of a name already used with this client (`DUPLICATE_DEFINITION`). */
  define(definition: AnyJobDefinition): void;

  /** Waits for what is under way, then closes the connections Holdfast opened. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

type ResultOfId<Id> = Id extends JobId<infer Result> ? Result : unknown;

type RequestResult<Request> = Request extends JobRequest<infer Result> ? Result : unknown;
