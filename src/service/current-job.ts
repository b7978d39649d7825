import { AsyncLocalStorage } from "node:async_hooks";
import type { CurrentJob } from "../core/job-context.ts";

const running = new AsyncLocalStorage<CurrentJob>();

/**
 * The job whose handler the calling code belongs to, also after an await and inside `job.transaction`; `undefined` anywhere else,
 * and in a batch handler, but for the functions of `batch.isolated`.
 *
 * @example
 * ```ts
 * import { currentJob } from "holdfast";
 *
 * export function track(event: string): void {
 *   const job = currentJob();
 *   console.log(JSON.stringify({ event, job: job?.id, attempt: job?.attempt, trace: job?.traceId }));
 * }
 * ```
 */
export function currentJob(): CurrentJob | undefined {
  return running.getStore();
}

/** Calls a function as a part of a job's handler. */
export function asCurrentJob<Args extends readonly unknown[], Value>(
  job: CurrentJob,
  fn: (...args: Args) => Value,
  ...args: Args
): Value {
  return running.run(job, fn, ...args);
}
