import type { Client } from "../../dist/index.js";
import { type PageRequest, plain } from "./page-request.ts";

/** Such as people write: common and rare, with what an index knows and with what it does not. */
const filters = [
  "",
  "state:discarded",
  "state:running",
  "state:available",
  "state:available,blocked",
  "-state:completed",
  "state:completed queue:queue-3",
  "state:retryable",
  "queue:queue-3 name:name-8",
  "queue:queue-1,queue-3 state:discarded",
  "name:name-1*",
  "name:*-7 payload.customer.id:42",
  "name:nobody",
  "payload.customer.id:42",
  "payload.customer.id:nobody",
  "error:~benchmark",
  "error:~nothing-has-this",
  "tag:tag-3",
  "tag:none",
  "created:<1h state:available",
  "created:>2h",
  "created:<2h name:nobody",
  "finished:<1h",
  "finished:<1d state:discarded",
  "wait:>30s",
  "running:>1s",
  "duration:>1s",
  "duration:>1s state:completed",
  "rescued:true",
  "worker:2",
  "worker:2 state:running",
  "lane:lane-9",
  "gate:limit:api",
  "unique:order-7",
];

const counted = [
  "",
  "state:available,blocked",
  "name:name-1*",
  "queue:queue-3",
  "payload.customer.id:42",
  "error:~nothing-has-this",
  "tag:none",
  "created:<1h state:available",
  "duration:>1s",
  "worker:2",
  "unique:order-7",
];

const completed = [
  "field=name&prefix=n",
  "field=queue&prefix=",
  "field=tag&prefix=",
  "field=payload&prefix=",
  "field=payload&path=customer.id&prefix=",
  "field=payload&path=customer.id&prefix=4",
];

/** What the page of jobs asks: a page of them, how many there are, and what could be asked for. */
export async function filterRequests({ jobs }: Client): Promise<readonly PageRequest[]> {
  const { next } = await jobs.list({ limit: 50, searchAtMost: 20_000 });
  const middle = String(Math.round(Number(next) / 2));
  const second = ["", "state:discarded", "name:nobody"].map((filter) => ({
    ...asked("api/jobs", filter, "&after=:id"),
    path: asked("api/jobs", filter, `&after=${next ?? ""}`).path,
  }));
  return [
    ...filters.map((filter) => asked("api/jobs", filter)),
    ...second,
    ...counted.map((filter) => asked("api/jobs/counts", filter)),
    ...completed.map((query) => plain("Jobs", `api/jobs/values?${query}`)),
    ...previews.map(([action, q]) => bulk("operations/preview", { action, q })),
    ...parts.map(([action, q]) => bulk("operations/count", { action, q })),
    ...parts.map(([action, q]) => bulk("operations/count", { action, q, after: middle }, "middle")),
  ];
}

/** Begins an operation that finds nothing, and works on beside what is asked next. */
export const startRequest = bulk("operations", { action: "cancel", q: "name:nobody" });

function bulk(path: string, body: BulkBody, from?: "middle"): PageRequest {
  const { action, q } = body;
  const where = from === undefined ? "" : `, from the ${from}`;
  return {
    page: "Many jobs",
    request: `POST api/${path}: ${action} ${q}${where}`,
    path: `api/${path}`,
    body,
  };
}

interface BulkBody {
  readonly action: string;
  readonly q: string;
  readonly after?: string;
}

/** What is asked before an action is done to many jobs. */
const previews = [
  ["retry", "state:discarded"],
  ["retry", "error:~nothing-has-this"],
  ["cancel", "queue:queue-3"],
  ["delete", "state:completed name:name-3"],
] as const;

/** What is counted on when a preview stopped. */
const parts = [
  ["retry", "state:discarded"],
  ["retry", "error:~nothing-has-this"],
  ["cancel", "queue:queue-3"],
  ["delete", ""],
  ["delete", "name:nobody"],
  ["delete", "payload.customer.id:42"],
] as const;

function asked(path: string, filter: string, rest = ""): PageRequest {
  const query = new URLSearchParams({ q: filter }).toString();
  const request = `${path}${filter === "" ? rest.replace("&", "?") : `?q=${filter}${rest}`}`;
  return { page: "Jobs", request, path: `${path}?${query}${rest}` };
}
