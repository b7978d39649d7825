import { checkOptions, isWhole, type OptionRule } from "../core/check-options.ts";
import type { JobPage, JobsClient } from "../core/client.ts";
import { defaults } from "../core/defaults.ts";
import { filterRules, readFilter } from "../core/job-filter.ts";
import { tellCall } from "../service/call-telemetry.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { explain } from "./explain.ts";
import { isPossibleId } from "./job-id.ts";
import { createJobVerbs, type JobsParts } from "./job-verbs.ts";
import { pageOf, pageRules, pageSize } from "./page-options.ts";

type ListOptions = NonNullable<Parameters<JobsClient["list"]>[0]>;

const listRules: Readonly<Record<keyof ListOptions, OptionRule>> = { ...filterRules, ...pageRules };

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
    count: (filter = {}) =>
      gate.pass("client.jobs.count", async () => {
        return storage.countJobs(readFilter("client.jobs.count", filter, clock.now()));
      }),
    ...createJobVerbs(parts),
  };
}

async function listPage(storage: Storage, options: ListOptions, now: number): Promise<JobPage> {
  const { limit = pageSize, after, ...filter } = options;
  const conditions = readFilter("client.jobs.list", filter, now);
  const { items, next } = pageOf(await storage.listJobs(conditions, limit + 1, after), limit);
  return { jobs: items, next };
}
