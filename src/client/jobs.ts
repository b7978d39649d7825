import { checkOptions, isWhole, type OptionRule } from "../core/check-options.ts";
import type { CancelOptions, JobPage, JobsClient } from "../core/client.ts";
import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import { explainJob, type JobExplanation } from "../core/explain.ts";
import { filterRules, readFilter } from "../core/job-filter.ts";
import type { Registry } from "../core/registry.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Gate } from "./gate.ts";
import { checkId, isPossibleId, jobNotFound } from "./job-id.ts";
import { updateJob } from "./update-job.ts";

/** What operators' verbs work with. */
export interface JobsParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly registry: Registry;
}

type ListOptions = NonNullable<Parameters<JobsClient["list"]>[0]>;

const listRules: Readonly<Record<keyof ListOptions, OptionRule>> = {
  ...filterRules,
  limit: { is: "a whole number from 1 to 1000", test: (value) => isWhole(value, 1, 1_000) },
  after: {
    is: "the next of the page before",
    test: (value) => typeof value === "string" && /^\d{1,19}$/.test(value),
  },
};

const note: OptionRule = {
  is: "text of at most 1000 characters without NUL",
  test: (value) =>
    typeof value === "string" && value.length <= 1_000 && !/\u0000|\p{Surrogate}/u.test(value),
};

/** `client.jobs`. */
export function createJobs({ storage, clock, gate, registry }: JobsParts): JobsClient {
  async function wakeQueueOf(id: string): Promise<void> {
    const job = await storage.getJob(id);
    if (job !== undefined) await storage.wake([job.queue]);
  }

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
    cancel: (id, options = {}) =>
      gate.pass("client.jobs.cancel", () => cancel({ storage, clock }, id, options)),
    retry: (id) =>
      gate.pass("client.jobs.retry", async () => {
        checkId(id, "client.jobs.retry");
        const answer = await storage.retryJob(id, clock.now());
        if (answer === "missing") throw jobNotFound(id);
        if (answer === "not-retryable") throw notRetryable(id);
        await wakeQueueOf(id);
      }),
    runNow: (id) =>
      gate.pass("client.jobs.runNow", async () => {
        checkId(id, "client.jobs.runNow");
        const answer = await storage.runJobNow(id, clock.now());
        if (answer === "missing") throw jobNotFound(id);
        if (answer === "finished") throw notWaiting(id);
        if (answer === "available") await wakeQueueOf(id);
      }),
    update: (id, change) =>
      gate.pass("client.jobs.update", () => updateJob({ storage, clock, registry }, id, change)),
    delete: (id) =>
      gate.pass("client.jobs.delete", async () => {
        checkId(id, "client.jobs.delete");
        const answer = await storage.deleteJob(id, clock.now());
        if (answer === "missing") throw jobNotFound(id);
        if (answer === "running") throw stillRunning(id);
      }),
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
  const { limit = 100, after, ...filter } = options;
  const conditions = readFilter("client.jobs.list", filter, now);
  const found = await storage.listJobs(conditions, limit + 1, after);
  const jobs = found.slice(0, limit);
  return { jobs, next: found.length > limit ? (jobs.at(-1)?.id ?? null) : null };
}

async function cancel(
  { storage, clock }: Pick<JobsParts, "storage" | "clock">,
  id: string,
  options: CancelOptions,
): Promise<"cancelled" | "cancelling" | "finished"> {
  checkId(id, "client.jobs.cancel");
  checkOptions("client.jobs.cancel", options, { why: note, by: note });
  const { why = "Cancelled on request.", by = null } = options;
  const answer = await storage.cancelJob(id, { why, by, at: clock.now() });
  if (answer === "missing") throw jobNotFound(id);
  if (answer === "cancelling") await storage.wakeCancelled([id]);
  return answer;
}

function notRetryable(id: string): HoldfastError {
  return new HoldfastError(
    "JOB_NOT_RETRYABLE",
    `Job ${id} is neither cancelled nor discarded, so there is nothing to retry.`,
    { details: { id } },
  );
}

function notWaiting(id: string): HoldfastError {
  return new HoldfastError(
    "JOB_NOT_WAITING",
    `Job ${id} has finished; use client.jobs.retry for a cancelled or discarded one.`,
    { details: { id } },
  );
}

function stillRunning(id: string): HoldfastError {
  return new HoldfastError(
    "JOB_RUNNING",
    `Job ${id} is running; cancel it with client.jobs.cancel, and delete it when it has ended.`,
    { details: { id } },
  );
}
