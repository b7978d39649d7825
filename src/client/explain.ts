import { explainJob, type JobExplanation } from "../core/explain.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { checkId, jobNotFound } from "./job-id.ts";

/** What is asked, and where. */
export interface Question {
  readonly storage: Storage;
  readonly id: string;
  readonly now: number;
  /** What the caller calls it. */
  readonly call: string;
}

/** How far jobs are counted beside one that waits among them: as far as those before it. */
const waitingCounted = 100_000;

/**
 * Says why a job is where it is; also on a database whose schema is behind, or which takes no writes.
 *
 * @throws {HoldfastError} `JOB_NOT_FOUND`, `INVALID_OPTION`, `STORAGE_*`.
 */
export async function explain({ storage, id, now, call }: Question): Promise<JobExplanation> {
  checkId(id, call);
  const [status, readOnly] = await Promise.all([storage.schemaStatus(), storage.isReadOnly()]);
  const { current, latest, pending } = status;
  const schema = { current: pending.length > 0 ? Math.min(current, latest - 1) : latest, latest };
  if (pending.length > 0) {
    // What is around it may be in what the schema lacks.
    const job = await storage.getJob(id);
    if (job === undefined) throw jobNotFound(id);
    const unknown = { queue: undefined, workers: undefined, around: undefined };
    return explainJob(job, { ...unknown, schema, readOnly, now });
  }
  const workers = await storage.listWorkers();
  // Read late, so that the job is explained as it is and not as it was.
  const job = await storage.getJob(id);
  if (job === undefined) throw jobNotFound(id);
  const [around, [queue]] = await Promise.all([
    storage.lookAround(job, now),
    storage.countQueues(job.state === "available" ? waitingCounted : 1, job.queue),
  ]);
  return explainJob(job, { queue, workers, around, schema, readOnly, now });
}
