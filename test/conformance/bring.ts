import type { Job, JobState } from "../../src/core/job.ts";
import type { NewJob } from "../../src/core/new-job.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { laneOf } from "./gates.ts";
import type { Place } from "./harness.ts";
import { enqueueOne, runOne, settleOne, stop, t0 } from "./jobs.ts";

/** The columns all job tables have. */
export const sharedColumns = [
  "id",
  "run",
  "name",
  "version",
  "queue",
  "priority",
  "payload",
  "checkpoint",
  "progress",
  "result",
  "attempt",
  "crashes",
  "backoff_ms",
  "policy",
  "attempts",
  "created_at",
  "run_at",
  "unique_key",
  "unique_while",
  "tags",
  "trace",
].join(", ");

let lanes = 0;

/** Stores a job and takes it through its life until it is in a state; gives its id. */
export async function bring(
  place: Place,
  state: JobState,
  given: Partial<NewJob> = {},
): Promise<string> {
  const { storage } = place;
  switch (state) {
    case "available":
      return await enqueueOne(storage, given);
    case "scheduled":
      return await enqueueOne(storage, { ...given, runAt: t0 + 60_000 });
    case "blocked":
      // Nobody lets it in, and nobody else waits there.
      return await enqueueOne(storage, { gates: laneOf(`lane ${(lanes += 1)}`), ...given });
    case "cancelled": {
      const id = await enqueueOne(storage, given);
      await storage.cancelJob(id, stop);
      return id;
    }
    case "running":
      return (await runOne(storage, given)).lease.id;
    case "retryable":
    case "completed":
    case "discarded": {
      const job = await runOne(storage, given);
      await settleOne(storage, job, state);
      return job.lease.id;
    }
  }
}

/** The job, which must exist. */
export async function jobAt(storage: Storage, id: string): Promise<Job> {
  const job = await storage.getJob(id);
  if (job === undefined) throw new Error(`Job ${id} does not exist.`);
  return job;
}

/** The state of a job, or `undefined` when there is none. */
export async function stateOf(storage: Storage, id: string): Promise<JobState | undefined> {
  return (await storage.getJob(id))?.state;
}
