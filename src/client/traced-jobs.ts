import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { NewJob } from "../core/new-job.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { traceOf } from "../core/trace.ts";

type StoreOne = (job: NewJob) => Promise<EnqueueReceipt>;
type StoreMany = (jobs: readonly NewJob[]) => Promise<readonly EnqueueReceipt[]>;

/** Stores jobs together with the trace they are enqueued in. */
export interface TracedJobs {
  one(job: NewJob, store: StoreOne): Promise<EnqueueReceipt>;
  many(jobs: readonly NewJob[], store: StoreMany): Promise<readonly EnqueueReceipt[]>;
}

/** Jobs in a trace that the caller knows of, if there is one, and in the spans of a telemetry. */
export function createTracedJobs(telemetry: Telemetry | undefined, trace?: string): TracedJobs {
  const told = createToldJobs(telemetry);
  if (trace === undefined || traceOf(trace) === undefined) return told;
  const traced = (job: NewJob): NewJob => ({ ...job, trace });
  return {
    one: (job, store) => told.one(traced(job), store),
    many: (jobs, store) => told.many(jobs.map(traced), store),
  };
}

/** Jobs in the spans of a telemetry; without one as they are. */
function createToldJobs(telemetry: Telemetry | undefined): TracedJobs {
  if (telemetry === undefined) {
    return { one: (job, store) => store(job), many: (jobs, store) => store(jobs) };
  }
  return {
    async one(job, store) {
      const storeAll: StoreMany = (jobs) => Promise.all(jobs.map(store));
      const [receipt] = await telemetry.enqueue([job], storeAll);
      if (receipt !== undefined) return receipt;
      throw new HoldfastError("STORAGE_FAILED", "The telemetry gave no receipt.");
    },
    many: (jobs, store) => telemetry.enqueue(jobs, store),
  };
}
