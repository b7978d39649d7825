import { createAuditor } from "../../client/audit.ts";
import type { Duration } from "../../core/duration.ts";
import type { EnqueueOptions } from "../../core/enqueue-options.ts";
import { HoldfastError } from "../../core/errors.ts";
import { JsonText } from "../../core/json-text.ts";
import { isReservedTag } from "../../core/schedule-tags.ts";
import { engineOf } from "../../service/engine.ts";
import type { Call, Schema } from "../route.ts";
import type { EnqueueAnswer, EnqueueBody } from "../wire/jobs.ts";
import type { ShownJob } from "./job-texts.ts";
import { knownJob } from "./known-job.ts";
import { readPayload } from "./read-payload.ts";
import { refuseHidden } from "./refuse-hidden.ts";

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
  },
};

/** A job to enqueue. */
interface Order {
  readonly name: string;
  readonly payload: JsonText;
  readonly options: EnqueueOptions;
}

/** Enqueues what the body says, and writes down who did. */
export async function enqueue(call: Call): Promise<EnqueueAnswer> {
  const body = call.body as EnqueueBody;
  const { duplicateOf } = body;
  const { name, payload, options } =
    duplicateOf === undefined
      ? newOrder(body)
      : await copyOrder(call, await knownJob(call, duplicateOf));
  const { id } = await call.client.enqueue(name, payload, options);
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

function newOrder(body: EnqueueBody): Order {
  const { name, payload = "null" } = body;
  if (name === undefined) {
    throw new HoldfastError("REQUEST_INVALID", "A new job needs a name; a copy needs duplicateOf.");
  }
  return { name, payload: readPayload(payload), options: optionsOf(body) };
}

/** What is hidden of the other job is copied here, and goes nowhere else: under another name other rules would hide it. */
async function copyOrder(call: Call, known: ShownJob): Promise<Order> {
  const { job, shown } = known;
  const body = call.body as EnqueueBody;
  const { name = job.name, payload } = body;
  if (payload !== undefined) refuseHidden(known);
  if (name !== job.name && shown.hidden.length > 0) {
    throw new HoldfastError(
      "PAYLOAD_REDACTED",
      "Parts of this payload are hidden from you, so its copy must keep the name of the job.",
    );
  }
  const lane = job.gates.find(({ gate }) => gate.startsWith("lane:"))?.gate.slice("lane:".length);
  return {
    name,
    payload: payload === undefined ? await storedPayload(call, job.id) : readPayload(payload),
    options: {
      queue: job.queue,
      priority: job.priority,
      tags: job.tags.filter((tag) => !isReservedTag(tag)),
      ...(lane === undefined ? {} : { lane }),
      ...optionsOf(body),
    },
  };
}

/** A payload as it is stored, whoever may see it. */
async function storedPayload({ client }: Call, id: string): Promise<JsonText> {
  const [texts] = await client.jobs.texts([id]);
  return new JsonText(texts?.payload ?? "null");
}

function optionsOf({ queue, priority, delay, tags }: EnqueueBody): EnqueueOptions {
  return {
    ...(queue === undefined ? {} : { queue }),
    ...(priority === undefined ? {} : { priority }),
    ...(delay === undefined ? {} : { delay: delay as Duration }),
    ...(tags === undefined ? {} : { tags }),
  };
}
