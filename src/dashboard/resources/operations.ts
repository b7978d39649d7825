import type { JobFilter } from "../../core/job-filter.ts";
import { HoldfastError } from "../../core/errors.ts";
import { jobStates } from "../../core/job.ts";
import type { BulkAction, BulkRequest } from "../../core/operation.ts";
import { checkPermission } from "../access/gatekeeper.ts";
import type { Permission } from "../access/permission.ts";
import type { BodyDemand, Call, Route, Schema } from "../route.ts";
import type {
  OperationBody,
  OperationCountAnswer,
  OperationCountBody,
  OperationPreviewAnswer,
  OperationRow,
  OperationsAnswer,
} from "../wire/operations.ts";
import { isAskedAsShown, searchBounds } from "./concealed.ts";
import { jobRow } from "./job-row.ts";
import { shownRows } from "./job-texts.ts";
import { operationRow } from "./operation-row.ts";
import { limitOf, params, textsOf } from "./query-params.ts";
import { readFilter } from "./read-filter.ts";
import { byShown } from "./search-shown.ts";

/** What each action needs: what it needs for one job. */
const needs: Readonly<Record<BulkAction, Permission>> = {
  retry: "jobs:retry",
  cancel: "jobs:cancel",
  runNow: "jobs:run",
  delete: "jobs:delete",
  move: "jobs:update",
  changePriority: "jobs:update",
};

const actions = Object.keys(needs) as readonly BulkAction[];

const permission: BodyDemand = {
  anyOf: [...new Set(Object.values(needs))],
  of: (body) => needs[(body as OperationBody).action],
};

const bodySchema = {
  type: "object",
  additionalProperties: false,
  required: ["action", "q"],
  properties: {
    action: { type: "string", enum: actions },
    q: { ...params.q, description: "Which jobs, in the filter language; all with an empty text." },
    why: { type: "string", maxLength: 1_000, description: "cancel: why." },
    queue: { type: "string", minLength: 1, maxLength: 255, description: "move: where to." },
    priority: { type: "integer", minimum: 0, maximum: 9, description: "changePriority: to what." },
  },
} satisfies Schema;

const countSchema: Schema = {
  ...bodySchema,
  properties: { ...bodySchema.properties, after: params.after },
};

/** One action done to many jobs. */
export const operationRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/operations/preview",
    permission,
    summary:
      "What an operation would be about, were it started now, as far as that is counted; does nothing.",
    body: bodySchema,
    answer: "OperationPreview",
    handle: preview,
  },
  {
    method: "POST",
    path: "/api/operations/count",
    permission,
    summary: "Counts the jobs of an operation exactly, a part of all jobs at a time; does nothing.",
    body: countSchema,
    answer: "OperationCount",
    handle: count,
  },
  {
    method: "POST",
    path: "/api/operations",
    permission,
    summary: "Starts an operation, which goes on whatever dies meanwhile.",
    body: bodySchema,
    answer: "Operation",
    handle: start,
  },
  {
    method: "GET",
    path: "/api/operations",
    permission: "read",
    summary: "Operations, newest first.",
    query: { limit: params.limit, after: params.after },
    answer: "Operations",
    async handle(call): Promise<OperationsAnswer> {
      const { client, query } = call;
      const page = { limit: limitOf(query), ...textsOf(query, "after") };
      const { operations, next } = await client.operations.list(page);
      return { operations: operations.map((each) => operationRow(call, each)), next };
    },
  },
  {
    method: "GET",
    path: "/api/operations/:id",
    permission: "read",
    summary: "An operation and how far it has got.",
    answer: "Operation",
    handle: async (call): Promise<OperationRow> => operationRow(call, await knownOperation(call)),
  },
  {
    method: "POST",
    path: "/api/operations/:id/cancel",
    permission: { anyOf: permission.anyOf },
    summary: "Stops an operation; what is done stays done. Needs what its action needs.",
    answer: "OperationCancelled",
    async handle(call) {
      const { id, action } = await knownOperation(call);
      checkPermission(call.visitor, [needs[action]]);
      return { outcome: await call.client.operations.cancel(id, { by: call.visitor.actor }) };
    },
  },
];

async function preview(call: Call): Promise<OperationPreviewAnswer> {
  const request = await requestOf(call);
  if (request === undefined) return { ...nothing, action: (call.body as OperationBody).action };
  const { searchAtMost } = searchBounds;
  const { sample, ...counted } = await call.client.operations.preview(request, { searchAtMost });
  const rows = await shownRows(call, sample);
  return { ...counted, sample: rows.map(({ job, shown }) => jobRow(job, shown)) };
}

async function count(call: Call): Promise<OperationCountAnswer> {
  const { action, after } = call.body as OperationCountBody;
  const request = await requestOf(call);
  if (request === undefined) return { action, matched: 0, byState: noneByState, next: null };
  const { searchAtMost } = searchBounds;
  const from = after === undefined ? {} : { after };
  return call.client.operations.count(request, { searchAtMost, ...from });
}

async function start(call: Call): Promise<OperationRow> {
  const request = await requestOf(call);
  if (request !== undefined) {
    return operationRow(call, await call.client.operations.start(request));
  }
  throw new HoldfastError(
    "FILTER_INVALID",
    "No job that you may see matches the filter, so there is nothing to do.",
  );
}

const noneByState = Object.fromEntries(
  jobStates.map((state) => [state, 0]),
) as OperationCountAnswer["byState"];

const nothing = { matched: 0, atLeast: false, byState: noneByState, sample: [] };

/** What is asked for; `undefined` when it is about no job that the caller could have found. */
async function requestOf(call: Call): Promise<BulkRequest | undefined> {
  const { q, why, after: _, ...body } = call.body as OperationCountBody;
  const filter = await findable(call, readFilter(call, q));
  if (filter === undefined) return undefined;
  const request: BulkRequest = { ...body, filter, by: call.visitor.actor };
  return why === undefined || why.trim() === "" ? request : { ...request, why };
}

/** A filter that says no more of hidden values than its reader knows. */
async function findable(call: Call, filter: JobFilter): Promise<JobFilter | undefined> {
  return isAskedAsShown(call, filter) ? byShown(call, filter) : filter;
}

async function knownOperation({ client, params: { id = "" } }: Call) {
  const operation = await client.operations.get(id);
  if (operation !== undefined) return operation;
  throw new HoldfastError(
    "OPERATION_NOT_FOUND",
    `There is no operation ${JSON.stringify(id.slice(0, 40))}. Finished ones are kept for 30 days.`,
  );
}
