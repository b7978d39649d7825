import type { JobFilter } from "../../core/job-filter.ts";
import { HoldfastError } from "../../core/errors.ts";
import { jobStates } from "../../core/job.ts";
import type { BulkAction, BulkRequest } from "../../core/operation.ts";
import { checkPermission } from "../access/gatekeeper.ts";
import type { Permission } from "../access/permission.ts";
import type { BodyDemand, Call, Route, Schema } from "../route.ts";
import type {
  OperationBody,
  OperationPreviewAnswer,
  OperationRow,
  OperationsAnswer,
} from "../wire/operations.ts";
import { findsConcealed } from "./find-jobs.ts";
import { jobRow } from "./job-row.ts";
import { jobTexts } from "./job-texts.ts";
import { operationRow } from "./operation-row.ts";
import { limitOf, params, textsOf } from "./query-params.ts";
import { readFilter, refuseErrorText } from "./read-filter.ts";

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

const bodySchema: Schema = {
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
};

/** One action done to many jobs. */
export const operationRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/operations/preview",
    permission,
    summary: "What an operation would be about, were it started now; does nothing.",
    body: bodySchema,
    answer: "OperationPreview",
    handle: preview,
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
    async handle({ client, query, redactor }): Promise<OperationsAnswer> {
      const page = { limit: limitOf(query), ...textsOf(query, "after") };
      const { operations, next } = await client.operations.list(page);
      return { operations: operations.map((each) => operationRow(each, redactor)), next };
    },
  },
  {
    method: "GET",
    path: "/api/operations/:id",
    permission: "read",
    summary: "An operation and how far it has got.",
    answer: "Operation",
    handle: async (call): Promise<OperationRow> =>
      operationRow(await knownOperation(call), call.redactor),
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
  const request = requestOf(call);
  const { client, redactor } = call;
  if (await findsConcealed(call, request.filter)) return { ...nothing, action: request.action };
  const { action, matched, byState, sample } = await client.operations.preview(request);
  const rows = sample.map((job) => jobRow(job, redactor.of(jobTexts(job))));
  return { action, matched, byState, sample: rows };
}

async function start(call: Call): Promise<OperationRow> {
  const request = requestOf(call);
  if (await findsConcealed(call, request.filter)) {
    throw new HoldfastError(
      "FORBIDDEN",
      "Some values are hidden from you, so jobs cannot be changed by this tag; take it out of the filter.",
    );
  }
  return operationRow(await call.client.operations.start(request), call.redactor);
}

const nothing = {
  matched: 0,
  byState: Object.fromEntries(jobStates.map((state) => [state, 0])) as never,
  sample: [],
};

function requestOf(call: Call): BulkRequest {
  const { q, why, ...body } = call.body as OperationBody;
  const filter: JobFilter = readFilter(call, q);
  refuseErrorText(call.redactor, filter);
  const request: BulkRequest = { ...body, filter, by: call.visitor.actor };
  return why === undefined || why.trim() === "" ? request : { ...request, why };
}

async function knownOperation({ client, params: { id = "" } }: Call) {
  const operation = await client.operations.get(id);
  if (operation !== undefined) return operation;
  throw new HoldfastError(
    "OPERATION_NOT_FOUND",
    `There is no operation ${JSON.stringify(id.slice(0, 40))}. Finished ones are kept for 30 days.`,
  );
}
