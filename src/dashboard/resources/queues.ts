import { HoldfastError } from "../../core/errors.ts";
import type { QueueChange } from "../../core/queues-client.ts";
import type { Call, Route, Schema } from "../route.ts";
import type { QueueAnswer, QueuesAnswer, UpdateQueueBody } from "../wire/queues.ts";
import { completedByMinute, queueRow, queueWorkers } from "./queue-row.ts";

const count: Schema = { type: ["integer", "null"], minimum: 1, maximum: 1_000_000 };
const time: Schema = { type: ["string", "null"], maxLength: 20 };

const updateSchema: Schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    concurrency: { ...count, description: "Jobs at once in each process." },
    maxRunning: { ...count, description: "Jobs at once in all processes together." },
    backoff: { type: ["object", "null"], description: "How failed jobs come back." },
    retention: {
      type: ["object", "null"],
      additionalProperties: false,
      properties: { completed: time, dead: time },
      description: "How long finished jobs are kept, such as 7d.",
    },
    cooling: { type: "null", description: "Ends its cooling-down." },
  },
};

/** Of each queue and state. */
const countAtMost = 10_000;

/** Queues, and what is set for them. */
export const queueRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/queues",
    permission: "read",
    summary: "Every queue, by name.",
    answer: "Queues",
    async handle(call): Promise<QueuesAnswer> {
      const { client } = call;
      const [queues, workers, completed] = await Promise.all([
        client.queues.list({ countAtMost }),
        client.workers.list(),
        completedByMinute(client),
      ]);
      const rows = queues.map((queue) => queueRow(queue, workers, completed(queue.name)));
      return { queues: rows, now: client.clock.now() };
    },
  },
  {
    method: "GET",
    path: "/api/queues/:name",
    permission: "read",
    summary: "One queue, with its workers and what limits it.",
    answer: "Queue",
    handle: oneQueue,
  },
  turn("pause", "Lets nothing new be claimed from a queue; running jobs finish untouched."),
  turn("resume", "Lets jobs of a paused queue be claimed again."),
  {
    method: "POST",
    path: "/api/queues/:name/update",
    permission: "queues:update",
    summary: "Changes the settings of a queue; what is left out stays, null takes a setting back.",
    body: updateSchema,
    answer: "Done",
    async handle({ client, visitor, params: { name = "" }, body }) {
      const change = { ...(body as UpdateQueueBody), by: visitor.actor } as QueueChange;
      await client.queues.update(name, change);
      return {};
    },
  },
];

function turn(verb: "pause" | "resume", summary: string): Route {
  return {
    method: "POST",
    path: `/api/queues/:name/${verb}`,
    permission: "queues:pause",
    summary,
    answer: "Done",
    async handle({ client, visitor, params: { name = "" } }) {
      await client.queues[verb](name, { by: visitor.actor });
      return {};
    },
  };
}

async function oneQueue({ client, params: { name = "" } }: Call): Promise<QueueAnswer> {
  const [queue, workers, completed] = await Promise.all([
    client.queues.get(name, { countAtMost }),
    client.workers.list(),
    completedByMinute(client, name),
  ]);
  if (queue === undefined) {
    throw new HoldfastError(
      "QUEUE_NOT_FOUND",
      `Nothing is known of a queue ${JSON.stringify(name.slice(0, 80))}: it has no jobs, settings or workers.`,
    );
  }
  const row = queueRow(queue, workers, completed(name));
  const { places, maxRunning, effective } = row;
  return {
    queue: row,
    workers: queueWorkers(queue, workers),
    limit: { places, maxRunning, effective },
    now: client.clock.now(),
  };
}
