import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { NewJob } from "../core/new-job.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { scopedJob } from "../service/job-scope.ts";

type StoreOne = (job: NewJob) => Promise<EnqueueReceipt>;
type StoreMany = (jobs: readonly NewJob[]) => Promise<readonly EnqueueReceipt[]>;

/** Stores jobs together with the trace they are enqueued in. */
export interface TracedJobs {
  one(job: NewJob, store: StoreOne): Promise<EnqueueReceipt>;
  many(jobs: readonly NewJob[], store: StoreMany): Promise<readonly EnqueueReceipt[]>;
}

/** Jobs in the spans of a telemetry. */
export function createTracedJobs(telemetry: Telemetry | undefined): TracedJobs {
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

/** Without one, what a handler enqueues goes on with the trace its own job was enqueued in, as far as handlers are followed. */
const passedOn: TracedJobs = {
  one(job, store) {
    const trace = scopedJob()?.trace;
    return store(trace === undefined ? job : { ...job, trace });
  },
  many(jobs, store) {
    const trace = scopedJob()?.trace;
    return store(trace === undefined ? jobs : jobs.map((job) => ({ ...job, trace })));
  },
};
