import { createAuditor } from "../../client/audit.ts";
import { duplicateJob } from "../../client/duplicate-job.ts";
import type { Duration } from "../../core/duration.ts";
import type { EnqueueOptions } from "../../core/enqueue-options.ts";
import { HoldfastError } from "../../core/errors.ts";
import { requestTrace } from "../../http/request-client.ts";
import { engineOf } from "../../service/engine.ts";
import type { Call, Schema } from "../route.ts";
import type { EnqueueAnswer, EnqueueBody } from "../wire/jobs.ts";
import { knownJob } from "./known-job.ts";
import { readPayload } from "./read-payload.ts";
import { refuseHidden, refuseHiddenTags } from "./refuse-hidden.ts";
import { withShownRefusal } from "./shown-refusal.ts";

/** The body of `POST api/jobs`. */
export const enqueueSchema: Schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 1, maxLength: 255 },
    payload: { type: "string", description: "JSON text; of a copy that of the other job." },
    queue: { type: "string", minLength: 1, maxLength: 255 },
    priority: { type: "integer", minimum: 0, maximum: 9 },
    delay: { type: "string", description: "No sooner than this from now, such as 5m." },
    tags: { type: "array", maxItems: 32, items: { type: "string", maxLength: 255 } },
    duplicateOf: { type: "string", maxLength: 19, description: "The id of a job to copy." },
    withUniqueKey: {
      type: "boolean",
      description: "Copies the unique key too; refused while another job holds it.",
    },
  },
};

/** Enqueues what the body says, and writes down who did. */
export async function enqueue(call: Call): Promise<EnqueueAnswer> {
  const { duplicateOf, ...body } = call.body as EnqueueBody;
  const { id, name } =
    duplicateOf === undefined
      ? await enqueueNew(call, body)
      : await enqueueCopy(call, body, duplicateOf);
  const { storage, clock, logger } = engineOf(call.client);
  await createAuditor(
    storage,
    clock,
    logger,
  )({
    by: call.visitor.actor,
    action: "jobs.enqueue",
    target: `job:${id}`,
    details: { name, ...(duplicateOf === undefined ? {} : { duplicateOf }) },
  });
  return { id };
}

type Body = Omit<EnqueueBody, "duplicateOf">;

async function enqueueNew({ client }: Call, body: Body) {
  const { name, payload = "null", withUniqueKey } = body;
  if (name === undefined || withUniqueKey !== undefined) {
    const message = "A new job needs a name; a copy needs duplicateOf, and only it withUniqueKey.";
    throw new HoldfastError("REQUEST_INVALID", message);
  }
  const { id } = await client.enqueue(name, readPayload(payload), optionsOf(body));
  return { id, name };
}

/** What is hidden of the other job is copied here, and goes nowhere else. */
async function enqueueCopy(call: Call, body: Body, of: string) {
  const known = await knownJob(call, of);
  const { job, shown } = known;
  const { name = job.name, payload, withUniqueKey = false } = body;
  if (name !== job.name) {
    const message = "A copy has the name of its job: leave name out, or enqueue a new job.";
    throw new HoldfastError("REQUEST_INVALID", message);
  }
  if (payload !== undefined) refuseHidden(known);
  if (body.tags !== undefined) refuseHiddenTags(known);
  const change = {
    ...optionsOf(body),
    ...(payload === undefined ? {} : { payload: readPayload(payload) }),
    withUniqueKey,
  };
  const trace = requestTrace(call);
  const { id } = await withShownRefusal(shown, () =>
    duplicateJob(engineOf(call.client), job, change, trace),
  );
  return { id, name };
}

function optionsOf({ queue, priority, delay, tags }: Body): EnqueueOptions {
  return {
    ...(queue === undefined ? {} : { queue }),
    ...(priority === undefined ? {} : { priority }),
    ...(delay === undefined ? {} : { delay: delay as Duration }),
    ...(tags === undefined ? {} : { tags }),
  };
}
