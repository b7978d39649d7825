import type { AsyncLocalStorage } from "node:async_hooks";
import type { CurrentJob } from "../core/job-context.ts";

interface JobScope {
  running: AsyncLocalStorage<CurrentJob> | undefined;
}

/** Registered, so that two copies of the package in one process know of the same job. */
const key = Symbol.for("holdfast.job-scope");
const known = Reflect.get(globalThis, key) as JobScope | undefined;

/** What follows handlers; nothing does until `current-job.ts` is loaded, so that somebody may ask. */
export const jobScope: JobScope = known ?? { running: undefined };
Reflect.set(globalThis, key, jobScope);

/** Calls a function as a part of a job's handler. Nothing but the call, unless somebody may ask for the job. */
export function asCurrentJob<Args extends readonly unknown[], Value>(
  job: CurrentJob,
  fn: (...args: Args) => Value,
  ...args: Args
): Value {
  const { running } = jobScope;
  return running === undefined ? fn(...args) : running.run(job, fn, ...args);
}

/** The job whose handler the calling code belongs to, as far as handlers are followed. */
export function scopedJob(): CurrentJob | undefined {
  return jobScope.running?.getStore();
}
