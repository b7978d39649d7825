import { checkOptions, type OptionRule } from "../core/check-options.ts";
import type { JobPage, JobsClient } from "../core/client.ts";
import { explainJob, type JobExplanation } from "../core/explain.ts";
import { filterRules, readFilter } from "../core/job-filter.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { checkId, isPossibleId, jobNotFound } from "./job-id.ts";
import { createJobVerbs, type JobsParts } from "./job-verbs.ts";
import { pageOf, pageRules, pageSize } from "./page-options.ts";

type ListOptions = NonNullable<Parameters<JobsClient["list"]>[0]>;

const listRules: Readonly<Record<keyof ListOptions, OptionRule>> = { ...filterRules, ...pageRules };

/** `client.jobs`. */
export function createJobs(parts: JobsParts): JobsClient {
  const { storage, clock, gate } = parts;
  return {
    get: (id) =>
      gate.pass("client.jobs.get", async () =>
        isPossibleId(id, "client.jobs.get") ? storage.getJob(id) : undefined,
      ),
    list: (options = {}) =>
      gate.pass("client.jobs.list", async () => {
        checkOptions("client.jobs.list", options, listRules);
        return listPage(storage, options, clock.now());
      }),
    explain: (id) => gate.pass("client.jobs.explain", () => explain({ storage, clock }, id)),
    count: (filter = {}) =>
      gate.pass("client.jobs.count", async () => {
        return storage.countJobs(readFilter("client.jobs.count", filter, clock.now()));
      }),
    ...createJobVerbs(parts),
  };
}

/** Enough to see what is going on; a limit may let thousands in. */
const holdersNamed = 100;

async function explain(
  { storage, clock }: Pick<JobsParts, "storage" | "clock">,
  id: string,
): Promise<JobExplanation> {
  checkId(id, "client.jobs.explain");
  const [queues, workers] = await Promise.all([storage.listQueues(), storage.listWorkers()]);
  // Read last, so that the job is explained as it is and not as it was.
  const job = await storage.getJob(id);
  if (job === undefined) throw jobNotFound(id);
  const queue = queues.find(({ name }) => name === job.queue);
  const { waitingFor } = job;
  const holders = waitingFor === null ? [] : await storage.listHolders(waitingFor, holdersNamed);
  return explainJob(job, { queue, workers, holders, now: clock.now() });
}

async function listPage(storage: Storage, options: ListOptions, now: number): Promise<JobPage> {
  const { limit = pageSize, after, ...filter } = options;
  const conditions = readFilter("client.jobs.list", filter, now);
  const { items, next } = pageOf(await storage.listJobs(conditions, limit + 1, after), limit);
  return { jobs: items, next };
}
