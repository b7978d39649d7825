import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import { eventually } from "../conformance/eventually.ts";
import type { Bench } from "./worker-bench.ts";

/** Another process's worker, as the database knows it, that runs jobs called `job` of the queue `default`. */
export async function register({ storage }: Bench, leaseMs = 500): Promise<string> {
  return storage.registerWorker({
    host: "elsewhere",
    pid: 4_711,
    bootId: "gone",
    queues: ["default"],
    handlers: ["job"],
    leaseMs,
  });
}

/** Lets a worker of another process claim what there is. */
export async function claimAs({ storage }: Bench, owner: string): Promise<readonly ClaimedJob[]> {
  return eventually("the worker has claimed", async () => {
    const { jobs } = await storage.claimJobs({
      owner,
      queues: [{ queue: "default", limit: 10 }],
      limit: 10,
      handlers: { job: 1 },
      floors: {},
      now: Date.now() + 60_000,
    });
    return jobs.length > 0 && jobs;
  });
}

/** A worker claims what there is and its process dies. */
export async function dieWithJobs(bench: Bench): Promise<readonly ClaimedJob[]> {
  const worker = await register(bench);
  const jobs = await claimAs(bench, worker);
  await bench.storage.unregisterWorker(worker);
  return jobs;
}
