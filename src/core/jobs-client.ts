import type { JobExplanation } from "./explain.ts";
import type { Job, JobState } from "./job.ts";
import type { JobChange } from "./job-change.ts";
import type { JobFilter } from "./job-filter.ts";
import type { FilterValue, JobValuesOptions } from "./job-values.ts";
import type { CappedCount, JobTexts, SearchOptions } from "./job-search.ts";
import type { LogLine } from "./log-line.ts";
import type { OperatorOptions } from "./queues-client.ts";

/** A page of jobs, newest id first. */
export interface JobPage {
  readonly jobs: readonly Job[];
  /** Pass it as `after` for the next page; `null` on the last. */
  readonly next: string | null;
  /**
   * When the last job looked at was enqueued, where `searchAtMost` ended the search before the page was full: `next` goes on from there.
   * Else `null`.
   */
  readonly searchedTo: number | null;
}

/** Which page of a list of jobs, and how far to look for it. */
export interface JobListOptions extends JobFilter, SearchOptions {
  /** 1 to 1000; default 100. */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly after?: string;
  /**
   * Payloads, results, checkpoints and progress of more characters than this are left out, as `undefined`: 0 to 1000000. Default none
   * is.
   */
  readonly valuesUpTo?: number;
}

/** Who cancels, and why; both are shown to the handler and kept with the job. */
export interface CancelOptions {
  readonly why?: string;
  readonly by?: string;
}

/** Reading and steering jobs by id. */
export interface JobsClient {
  /** The job, or `undefined` when there is none with this id. */
  get(id: string): Promise<Job | undefined>;
  /**
   * Jobs matching a filter, newest first.
   *
   * @throws {HoldfastError} `INVALID_OPTION`.
   * @example
   * ```ts
   * const { jobs, next, searchedTo } = await client.jobs.list({ error: "timeout", searchAtMost: 20_000 });
   * if (searchedTo !== null) console.log(`Looked at jobs since ${new Date(searchedTo)}; pass ${next} as after to look further.`);
   * ```
   */
  list(options?: JobListOptions): Promise<JobPage>;
  /**
   * What a filter could ask for, to complete what somebody types: names and queues are those known, tags and payloads those of the 500
   * newest jobs, the most frequent first. Of payloads of more than 8192 characters nothing is named.
   *
   * @throws {HoldfastError} `INVALID_OPTION`.
   * @example
   * ```ts
   * const names = await client.jobs.values({ field: "name", prefix: "send" });
   * const paths = await client.jobs.values({ field: "payload", filter: { name: "send-mail" } });
   * const regions = await client.jobs.values({ field: "payload", path: "user.region" });
   * ```
   */
  values(options: JobValuesOptions): Promise<readonly FilterValue[]>;
  /**
   * The values of up to 1000 jobs as the JSON text that is stored, in which no number is rounded; jobs that do not exist are left out.
   * Each text is cut after `upTo` characters, 1 to 10000000; default never.
   *
   * @throws {HoldfastError} `INVALID_OPTION`.
   * @example
   * ```ts
   * const [texts] = await client.jobs.texts([id], { upTo: 100_000 });
   * console.log(texts?.payload); // {"account":9007199254740993}
   * ```
   */
  texts(ids: readonly string[], options?: { readonly upTo?: number }): Promise<readonly JobTexts[]>;
  /**
   * The newest lines that a job's handler wrote with `job.log`, oldest first; `limit` 1 to 10000 (default 200). Of a run the
   * newest 200 lines are kept, of a job those of the newest 32 runs, and they go with the job. Lines of `debug` go to the worker's
   * logger only. Workers elsewhere store their lines some at a time: the last half second may be missing.
   *
   * @example
   * ```ts
   * for (const { at, level, message } of await client.jobs.logs(id)) console.log(new Date(at), level, message);
   * ```
   */
  logs(id: string, options?: { readonly limit?: number }): Promise<readonly LogLine[]>;
  /**
   * Says why a job is where it is: what it waits for, who runs it or how it ended; every reason that holds now.
   *
   * @throws {HoldfastError} `JOB_NOT_FOUND`.
   * @example
   * ```ts
   * const { reasons } = await client.jobs.explain(id);
   * if (reasons[0]?.kind === "queue-paused") await client.queues.resume(reasons[0].queue);
   * ```
   */
  explain(id: string): Promise<JobExplanation>;
  /**
   * How many jobs there are in each state, every state named. With `searchAtMost` it looks at no more than so many of each kind, newest
   * first, and says for each state whether there may be more; SQLite then counts one state after the other, so that a job which moves
   * meanwhile may be in two of them or in none.
   *
   * @throws {HoldfastError} `INVALID_OPTION`.
   * @example
   * ```ts
   * const { completed } = await client.jobs.count({}, { searchAtMost: 10_000 });
   * console.log(`${completed.jobs}${completed.atLeast ? " or more" : ""}`);
   * ```
   */
  count(filter?: JobFilter): Promise<Readonly<Record<JobState, number>>>;
  count(
    filter: JobFilter,
    options: { readonly searchAtMost: number },
  ): Promise<Readonly<Record<JobState, CappedCount>>>;
  /**
   * Stops a job: a waiting one is `cancelled` at once, a running one is asked to stop (`cancelling`) and its `signal`
   * aborts. A finished job is left as it is.
   *
   * @throws {HoldfastError} `JOB_NOT_FOUND`.
   */
  cancel(id: string, options?: CancelOptions): Promise<"cancelled" | "cancelling" | "finished">;
  /**
   * Runs a cancelled or discarded job again with a fresh budget of attempts.
   *
   * @throws {HoldfastError} `JOB_NOT_FOUND`, `JOB_NOT_RETRYABLE`, `UNIQUE_CONFLICT` with the holder's id.
   */
  retry(id: string, options?: OperatorOptions): Promise<void>;
  /**
   * Makes a scheduled or retryable job available now. One already available or running is left as it is.
   *
   * @throws {HoldfastError} `JOB_NOT_FOUND`, `JOB_NOT_WAITING` when it has finished.
   */
  runNow(id: string, options?: OperatorOptions): Promise<void>;
  /**
   * Changes a job that waits; workers go by it at once. A new payload is checked by the job's definition if this client knows it,
   * from an enqueue, a worker or `client.define`.
   *
   * @throws {HoldfastError} `JOB_NOT_FOUND`, `JOB_RUNNING`, `JOB_NOT_WAITING` when it has finished, `PAYLOAD_INVALID` by path,
   * `PAYLOAD_TOO_LARGE`, `INVALID_OPTION`.
   * @example
   * ```ts
   * await client.jobs.update(id, { queue: "bulk", priority: 9, delay: "1h" });
   * ```
   */
  update(id: string, change: JobChange): Promise<void>;
  /**
   * Removes a job for good.
   *
   * @throws {HoldfastError} `JOB_NOT_FOUND`, `JOB_RUNNING`: cancel it first.
   */
  delete(id: string, options?: OperatorOptions): Promise<void>;
}
