import type { CancelOptions } from "../../core/jobs-client.ts";
import type { JobChange } from "../../core/job-change.ts";
import type { Duration } from "../../core/duration.ts";
import type { Call, Route, Schema } from "../route.ts";
import type { CancelAnswer, CancelBody, EnqueueAnswer, UpdateJobBody } from "../wire/jobs.ts";
import { enqueue, enqueueSchema } from "./enqueue.ts";
import type { ShownJob } from "./job-texts.ts";
import { actOnJob } from "./known-job.ts";
import { readPayload } from "./read-payload.ts";
import { refuseHidden, refuseHiddenTags } from "./refuse-hidden.ts";

const noteSchema = { type: "string", maxLength: 1_000 } as const;

const updateSchema: Schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    payload: { type: "string", description: "JSON text." },
    queue: { type: "string", minLength: 1, maxLength: 255 },
    priority: { type: "integer", minimum: 0, maximum: 9 },
    delay: { type: "string", description: "No sooner than this from now, such as 5m." },
    tags: { type: "array", maxItems: 32, items: { type: "string", maxLength: 255 } },
  },
};

/** What can be done to one job. */
export const jobActionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/jobs",
    permission: "jobs:enqueue",
    summary: "Enqueues a job by its name, or a copy of another.",
    body: enqueueSchema,
    answer: "Enqueued",
    handle: (call): Promise<EnqueueAnswer> => enqueue(call),
  },
  {
    method: "POST",
    path: "/api/jobs/:id/cancel",
    permission: "jobs:cancel",
    summary: "Stops a job: one that waits at once, one that runs by asking its handler.",
    body: { type: "object", additionalProperties: false, properties: { why: noteSchema } },
    answer: "Cancelled",
    handle: (call): Promise<CancelAnswer> =>
      actOnJob(call, async (id) => {
        const { why } = call.body as CancelBody;
        const options: CancelOptions = { by: call.visitor.actor };
        const given = why === undefined || why.trim() === "" ? options : { ...options, why };
        return { outcome: await call.client.jobs.cancel(id, given) };
      }),
  },
  verb(
    "retry",
    "jobs:retry",
    "Runs a cancelled or discarded job again.",
    ({ client, visitor }, id) => client.jobs.retry(id, { by: visitor.actor }),
  ),
  verb(
    "run-now",
    "jobs:run",
    "Makes a job that waits for its time available now.",
    ({ client, visitor }, id) => client.jobs.runNow(id, { by: visitor.actor }),
  ),
  verb("delete", "jobs:delete", "Removes a job for good.", ({ client, visitor }, id) =>
    client.jobs.delete(id, { by: visitor.actor }),
  ),
  {
    method: "POST",
    path: "/api/jobs/:id/update",
    permission: "jobs:update",
    summary: "Changes a job that waits; what is left out stays.",
    body: updateSchema,
    answer: "Done",
    handle: (call) =>
      actOnJob(call, async (id, known) => {
        await call.client.jobs.update(id, changeOf(call, known));
        return {};
      }),
  },
];

function verb(
  name: string,
  permission: "jobs:retry" | "jobs:run" | "jobs:delete",
  summary: string,
  act: (call: Call, id: string) => Promise<void>,
): Route {
  return {
    method: "POST",
    path: `/api/jobs/:id/${name}`,
    permission,
    summary,
    answer: "Done",
    handle: (call) =>
      actOnJob(call, async (id) => {
        await act(call, id);
        return {};
      }),
  };
}

function changeOf({ body, visitor }: Call, known: ShownJob | undefined): JobChange {
  const { payload, delay, ...others } = body as UpdateJobBody;
  if (payload !== undefined) refuseHidden(known);
  if (others.tags !== undefined) refuseHiddenTags(known);
  return {
    ...others,
    by: visitor.actor,
    ...(delay === undefined ? {} : { delay: delay as Duration }),
    ...(payload === undefined ? {} : { payload: readPayload(payload) }),
  };
}
