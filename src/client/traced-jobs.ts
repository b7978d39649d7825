import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { NewJob } from "../core/new-job.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { traceOf } from "../core/trace.ts";
import { scopedJob } from "../service/job-scope.ts";

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
  const own = inTrace(() => trace);
  if (telemetry === undefined) return own;
  return {
    one: (job, store) => own.one(job, (traced) => told.one(traced, store)),
    many: (jobs, store) => own.many(jobs, (traced) => told.many(traced, store)),
  };
}

/** Jobs in the spans of a telemetry. */
function createToldJobs(telemetry: Telemetry | undefined): TracedJobs {
  if (telemetry === undefined) return passedOn;
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

function inTrace(traceNow: () => string | undefined): TracedJobs {
  return {
    one(job, store) {
      const trace = traceNow();
      return store(trace === undefined ? job : { ...job, trace });
    },
    many(jobs, store) {
      const trace = traceNow();
      return store(trace === undefined ? jobs : jobs.map((job) => ({ ...job, trace })));
    },
  };
}

/** Without one, what a handler enqueues goes on with the trace its own job was enqueued in, as far as handlers are followed. */
const passedOn = inTrace(() => scopedJob()?.trace);
