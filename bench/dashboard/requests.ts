import type { Client } from "../../dist/index.js";
import { filterRequests, startRequest } from "./filter-requests.ts";
import { type PageRequest, plain } from "./page-request.ts";
import { statRequests } from "./stat-requests.ts";

/** What every page asks for when it is opened, each with the filters and ranges that people use. */
export async function pageRequests(client: Client): Promise<readonly PageRequest[]> {
  return [
    plain("Every page", "api/session"),
    plain("Overview", "api/overview"),
    ...(await filterRequests(client)),
    ...(await jobRequests(client)),
    plain("Queues", "api/queues"),
    plain("Queue", "api/queues/queue-3"),
    plain("Workers", "api/workers"),
    plain("Schedules", "api/schedules"),
    plain("Schedule", "api/schedules/schedule-3"),
    plain("Schedule", "api/schedules/schedule-3/ticks"),
    plain("Limits", "api/limits"),
    ...(await operationRequests(client)),
    plain("Health", "api/health"),
    ...(await auditRequests(client)),
    ...statRequests(Date.now()),
  ];
}

const states = ["completed", "discarded", "running", "available", "blocked", "scheduled"] as const;

async function jobRequests({ jobs }: Client): Promise<readonly PageRequest[]> {
  const found = await Promise.all(
    states.map((state) => jobs.list({ state, limit: 1, searchAtMost: 10_000 })),
  );
  return found.flatMap(({ jobs: [job] }, at) =>
    ["", "/explain", "/logs", "/recent"].map((part) => ({
      page: "Job",
      request: `api/jobs/:id${part}, ${states[at]}`,
      path: `api/jobs/${job?.id ?? "1"}${part}`,
    })),
  );
}

async function operationRequests({ operations }: Client): Promise<readonly PageRequest[]> {
  const { operations: some, next } = await operations.list({ limit: 10 });
  return [
    plain("Operations", "api/operations?limit=50"),
    {
      page: "Operations",
      request: "api/operations?limit=50&after=:id",
      path: `api/operations?limit=50&after=${next ?? ""}`,
    },
    startRequest,
    { page: "Operation", request: "api/operations/:id", path: `api/operations/${some[0]?.id}` },
  ];
}

async function auditRequests({ audit }: Client): Promise<readonly PageRequest[]> {
  const { next } = await audit.list({ limit: 10 });
  return [
    ...[
      "",
      "&by=ada",
      "&by=nobody",
      "&action=queues.update",
      "&action=limits.update",
      "&by=user-3&action=queues.update",
      "&target=queue:queue-3",
    ].map((filter) => plain("Audit", `api/audit?limit=50${filter}`)),
    {
      page: "Audit",
      request: "api/audit?limit=50&after=:id",
      path: `api/audit?limit=50&after=${next ?? ""}`,
    },
  ];
}
