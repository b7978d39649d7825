import type { AsyncLocalStorage } from "node:async_hooks";
import type { CurrentJob } from "../core/job-context.ts";

/** Registered, so that two copies of the package in one process know of the same job. */
export const jobScopeKey = Symbol.for("holdfast.current-job");

/** Where `current-job.ts` keeps it; nothing before it was loaded. */
function scope(): AsyncLocalStorage<CurrentJob> | undefined {
  return Reflect.get(globalThis, jobScopeKey) as AsyncLocalStorage<CurrentJob> | undefined;
}

/** Calls a function as a part of a job's handler. Nothing but the call, unless somebody may ask for the job. */
export function asCurrentJob<Args extends readonly unknown[], Value>(
  job: CurrentJob,
  fn: (...args: Args) => Value,
  ...args: Args
): Value {
  const running = scope();
  return running === undefined ? fn(...args) : running.run(job, fn, ...args);
}

/** The job whose handler the calling code belongs to, as far as handlers are followed. */
export function scopedJob(): CurrentJob | undefined {
  return scope()?.getStore();
}
