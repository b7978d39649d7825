import type { Client } from "../../dist/index.js";

/** A question that a page asks the dashboard's API. */
export interface PageRequest {
  readonly page: string;
  /** Below the dashboard's path. */
  readonly path: string;
}

const hourMs = 3_600_000;
const ranges = {
  "1h": hourMs,
  "6h": 6 * hourMs,
  "24h": 24 * hourMs,
  "7d": 168 * hourMs,
  "30d": 720 * hourMs,
};

const filters = [
  "",
  "state:discarded",
  "state:running",
  "state:available",
  "state:completed queue:queue-3",
  "queue:queue-3 name:name-8",
  "name:name-1*",
  "name:nobody",
  "payload.customer.id:42",
  "error:~benchmark",
  "error:~nothing-has-this",
  "tag:none",
  "created:>2h",
  "created:<2h name:nobody",
  "finished:<1d state:discarded",
  "wait:>30s",
];

/** What every page asks for when it is opened, each with the filters and ranges that people use. */
export async function pageRequests(client: Client): Promise<readonly PageRequest[]> {
  const one = async (state: "completed" | "discarded" | "running" | "available" | "blocked") =>
    (await client.jobs.list({ state, limit: 1, searchAtMost: 1_000 })).jobs[0]?.id ?? "1";
  const ids = await Promise.all(
    (["completed", "discarded", "running", "available", "blocked"] as const).map(one),
  );
  const { next } = await client.jobs.list({ limit: 50, searchAtMost: 20_000 });
  const now = Date.now();
  const search = (filter: string) => new URLSearchParams({ q: filter }).toString();
  return [
    { page: "Overview", path: "api/overview" },
    ...filters.map((filter) => ({ page: "Jobs", path: `api/jobs?${search(filter)}` })),
    { page: "Jobs", path: `api/jobs?after=${next ?? ""}` },
    ...["", "name:name-1*", "error:~nothing-has-this", "queue:queue-3"].map((filter) => ({
      page: "Jobs",
      path: `api/jobs/counts?${search(filter)}`,
    })),
    ...[
      "field=name&prefix=n",
      "field=queue",
      "field=tag",
      "field=payload",
      "field=payload&path=customer.id",
    ].map((query) => ({ page: "Jobs", path: `api/jobs/values?${query}` })),
    ...ids.flatMap((id) =>
      ["", "/explain", "/logs", "/recent"].map((part) => ({
        page: "Job",
        path: `api/jobs/${id}${part}`,
      })),
    ),
    { page: "Queues", path: "api/queues" },
    { page: "Queue", path: "api/queues/queue-3" },
    { page: "Workers", path: "api/workers" },
    { page: "Schedules", path: "api/schedules" },
    { page: "Schedule", path: "api/schedules/schedule-3" },
    { page: "Schedule", path: "api/schedules/schedule-3/ticks" },
    { page: "Limits", path: "api/limits" },
    { page: "Operations", path: "api/operations" },
    { page: "Health", path: "api/health" },
    { page: "Audit", path: "api/audit" },
    ...Object.entries(ranges).flatMap(([range, ms]) =>
      ["series", "summary", "list"].map((kind) => ({
        page: `Charts, ${range}`,
        path: `api/stats/${kind}?from=${now - ms}`,
      })),
    ),
    { page: "Charts, 30d", path: `api/stats/series?from=${now - ranges["30d"]}&queue=queue-3` },
  ];
}
