import { AsyncLocalStorage } from "node:async_hooks";
import type { CurrentJob } from "../core/job-context.ts";
import { jobScope } from "./job-scope.ts";

const running = jobScope.running ?? new AsyncLocalStorage<CurrentJob>();
jobScope.running = running;

/**
 * The job whose handler the calling code belongs to, also after an await and inside `job.transaction`; `undefined` anywhere else,
 * and in a batch handler, but for the functions of `batch.isolated`.
 *
 * Handlers are followed from the moment `holdfast/context` is first imported, because that costs every promise of the process a
 * little on Node before 24: import it where the program starts, not when it is needed.
 *
 * @example
 * ```ts
 * import { currentJob } from "holdfast/context";
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
