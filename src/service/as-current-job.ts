import type { AsyncLocalStorage } from "node:async_hooks";
import type { CurrentJob } from "../core/job-context.ts";

/** Registered, so that two copies of the package in one process know of the same job. */
export const currentJobKey = Symbol.for("holdfast.current-job");

/** Calls a function as a part of a job's handler. Nothing but the call, unless `current-job.ts` was loaded to be asked. */
export function asCurrentJob<Args extends readonly unknown[], Value>(
  job: CurrentJob,
  fn: (...args: Args) => Value,
  ...args: Args
): Value {
  const running = Reflect.get(globalThis, currentJobKey) as
    | AsyncLocalStorage<CurrentJob>
    | undefined;
  return running === undefined ? fn(...args) : running.run(job, fn, ...args);
}
