import { checkOptions, isWhole, type OptionRule } from "../core/check-options.ts";
import type { JobListOptions, JobPage, JobsClient } from "../core/jobs-client.ts";
import { defaults } from "../core/defaults.ts";
import type { JobState } from "../core/job.ts";
import { filterRules, type JobFilter, readFilter } from "../core/job-filter.ts";
import type { CappedCounts, SearchOptions } from "../core/job-search.ts";
import { tellCall } from "../service/call-telemetry.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { explain } from "./explain.ts";
import { isPossibleId } from "./job-id.ts";
import { jobValues } from "./job-values.ts";
import { createJobVerbs, type JobsParts } from "./job-verbs.ts";
import { pageOf, pageRules, pageSize } from "./page-options.ts";
import { searchRules } from "./search-options.ts";

const listRules: Readonly<Record<keyof JobListOptions, OptionRule>> = {
  ...filterRules,
  ...pageRules,
  ...searchRules,
  valuesUpTo: {
    is: "a whole number from 0 to 1000000",
    test: (value) => isWhole(value, 0, 1_000_000),
  },
};

const textRules = {
  ids: filterRules.ids,
  upTo: {
    is: "a whole number from 1 to 10000000",
    test: (value: unknown) => isWhole(value, 1, 10_000_000),
  },
} as const;

const logRules = { limit: { is: "a whole number from 1 to 10000", test: isLogLimit } } as const;

function isLogLimit(value: unknown): boolean {
  return isWhole(value, 1, 10_000);
}

/** `client.jobs`. */
export function createJobs(parts: JobsParts): JobsClient {
  const { storage, clock, gate, telemetry, jobLog } = parts;
  return {
    get: (id) =>
      gate.pass("client.jobs.get", async () => {
        if (!isPossibleId(id, "client.jobs.get")) return undefined;
        return tellCall(telemetry, "get", { jobs: [id] }, () => storage.getJob(id));
      }),
    list: (options = {}) =>
      gate.pass("client.jobs.list", async () => {
        checkOptions("client.jobs.list", options, listRules);
        return listPage(storage, options, clock.now());
      }),
    values: (options) =>
      gate.pass("client.jobs.values", () =>
        jobValues(storage, "client.jobs.values", options, clock.now()),
      ),
    texts: (ids, options = {}) =>
      gate.pass("client.jobs.texts", async () => {
        checkOptions("client.jobs.texts", { ids, ...options }, textRules);
        return storage.readTexts(ids, options.upTo);
      }),
    logs: (id, options = {}) =>
      gate.pass("client.jobs.logs", async () => {
        checkOptions("client.jobs.logs", options, logRules);
        if (!isPossibleId(id, "client.jobs.logs")) return [];
        // What a worker beside this client has not stored yet is part of the answer.
        await jobLog.flush();
        return storage.readLog(id, options.limit ?? defaults.logLinesKept);
      }),
    explain: (id) =>
      gate.pass("client.jobs.explain", () =>
        explain({ storage, id, now: clock.now(), call: "client.jobs.explain" }),
      ),
    count: counter(parts),
    ...createJobVerbs(parts),
  };
}

function counter({ storage, clock, gate }: JobsParts): JobsClient["count"] {
  const call = "client.jobs.count";
  function count(filter?: JobFilter): Promise<Readonly<Record<JobState, number>>>;
  function count(
    filter: JobFilter,
    options: { readonly searchAtMost: number },
  ): Promise<CappedCounts>;
  function count(filter: JobFilter = {}, options: SearchOptions = {}) {
    return gate.pass<CappedCounts | Readonly<Record<JobState, number>>>(call, async () => {
      checkOptions(call, options, searchRules);
      const conditions = readFilter(call, filter, clock.now());
      return options.searchAtMost === undefined
        ? storage.countJobs(conditions)
        : storage.countUpTo(conditions, options.searchAtMost);
    });
  }
  return count;
}

async function listPage(storage: Storage, options: JobListOptions, now: number): Promise<JobPage> {
  const { limit = pageSize, after, searchAtMost, valuesUpTo, ...filter } = options;
  const conditions = readFilter("client.jobs.list", filter, now);
  if (searchAtMost === undefined) {
    const found = await storage.listJobs(conditions, limit + 1, after, valuesUpTo);
    const { items, next } = pageOf(found, limit);
    return { jobs: items, next, searchedTo: null };
  }
  const bounds = { limit: limit + 1, after, searchAtMost, valuesUpTo };
  const { jobs, stoppedAt } = await storage.searchJobs(conditions, bounds);
  const { items, next } = pageOf(jobs, limit);
  const isFull = next !== null;
  return {
    jobs: items,
    next: isFull ? next : (stoppedAt?.id ?? null),
    searchedTo: isFull ? null : (stoppedAt?.createdAt ?? null),
  };
}
