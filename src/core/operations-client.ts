import type { Duration } from "./duration.ts";
import type { Job, JobState } from "./job.ts";
import type { SearchOptions } from "./job-search.ts";
import type { BulkAction, BulkRequest, Operation } from "./operation.ts";

/** What an operation would be about, were it started now. */
export interface OperationPreview {
  readonly action: BulkAction;
  /** How many jobs; exactly, unless `atLeast`. */
  readonly matched: number;
  /** True when counting stopped at `searchAtMost`: there may be more. */
  readonly atLeast: boolean;
  /** The same by state, every state named. */
  readonly byState: Readonly<Record<JobState, number>>;
  /** The ten newest of those that were counted. */
  readonly sample: readonly Job[];
}

/** How many jobs an operation would be about among some of all, oldest first. */
export interface OperationCount extends Pick<OperationPreview, "action" | "matched" | "byState"> {
  /** Pass it as `after` to count on; `null` when all are counted. */
  readonly next: string | null;
}

/** A page of operations, newest first. */
export interface OperationPage {
  readonly operations: readonly Operation[];
  /** Pass it as `after` for the next page; `null` on the last. */
  readonly next: string | null;
}

/** One action done to many jobs: looked at first, then carried out to the end whatever dies meanwhile. */
export interface OperationsClient {
  /**
   * Says what an operation would be about, and does nothing. With `searchAtMost` it looks at no more than so many of the newest jobs
   * in each place, however many there are.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `STORAGE_*`.
   */
  preview(request: BulkRequest, options?: SearchOptions): Promise<OperationPreview>;
  /**
   * Counts as a preview does, a part at a time, so that no call takes long however many jobs there are: it looks at `searchAtMost` jobs
   * (default 10,000), oldest first, behind those that were looked at before. The sum of all parts has each job once.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `STORAGE_*`.
   * @example
   * ```ts
   * const request = { action: "delete", filter: { state: "completed", name: "import" } } as const;
   * let part = await client.operations.count(request);
   * let matched = part.matched;
   * while (part.next !== null) {
   *   part = await client.operations.count(request, { after: part.next });
   *   matched += part.matched;
   * }
   * ```
   */
  count(
    request: BulkRequest,
    options?: SearchOptions & { readonly after?: string },
  ): Promise<OperationCount>;
  /**
   * Stores an operation and begins it. It counts its jobs, the first ten thousand it looks at in this call and the others on the way
   * (`atLeast` until then), and then visits each job that matches once, oldest first, up to the newest there was at its
   * start, and acts where the job still matches then. This process works it off, a chunk at a time; if it ends, any worker goes on.
   * Jobs whose unique key another job holds are skipped.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `STORAGE_*`.
   * @example
   * ```ts
   * const filter = { state: "discarded", name: "send-*", error: "ECONNREFUSED" } as const;
   * const { matched } = await client.operations.preview({ action: "retry", filter });
   * const { id } = await client.operations.start({ action: "retry", filter, by: "ada" });
   * const { done, skipped } = await client.operations.wait(id, { timeout: "5m" });
   * console.log(`${done} of ${matched} retried, ${skipped} skipped`);
   * ```
   */
  start(request: BulkRequest): Promise<Operation>;
  /** The operation as it is now, or `undefined` when there is none with this id. */
  get(id: string): Promise<Operation | undefined>;
  /** Operations, newest first, `limit` 1 to 1000 (default 100). Finished ones are kept for 30 days. */
  list(options?: { readonly limit?: number; readonly after?: string }): Promise<OperationPage>;
  /**
   * Stops an operation after the chunk under way; what is done stays done.
   *
   * @throws {HoldfastError} `OPERATION_NOT_FOUND`.
   */
  cancel(id: string, options?: { readonly by?: string }): Promise<"cancelled" | "finished">;
  /**
   * Waits for an operation to be completed or cancelled, and helps with it.
   *
   * @throws {HoldfastError} `OPERATION_NOT_FOUND`, `WAIT_TIMEOUT`, `CLIENT_CLOSED`.
   */
  wait(id: string, options: { readonly timeout: Duration }): Promise<Operation>;
}
