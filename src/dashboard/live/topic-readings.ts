import type { Client } from "../../core/client.ts";
import { overviewOf } from "../overview/overview-answer.ts";
import type { Readings } from "../readings.ts";
import type { Topic } from "../wire/live.ts";

/** Where topics are read. */
export interface TopicSource {
  readonly client: Client;
  readonly readings: Readings;
}

/** Reads what pages show of a topic, as cheaply as that can be told from what they showed before. */
export function readTopic(source: TopicSource, topic: Topic): Promise<unknown> {
  const [kind = "", id = ""] = topic.split(":", 2);
  const read = readings[kind];
  if (read === undefined) throw new Error(`There is no reading of ${topic}.`);
  return read(source, id);
}

/** The doctor looks at more than the rest of us. */
const healthEveryMs = 2_000;

/** How often a topic is read at most. */
export function pauseOf(topic: Topic): number {
  return topic === "health" ? healthEveryMs : 1_000;
}

type Read = (source: TopicSource, id: string) => Promise<unknown>;

const newestJobs = 20;
/** Beyond it what is counted of late tells. */
const mostCounted = 1_000;
const recentMs = 120_000;

const readings: Readonly<Record<string, Read>> = {
  overview: ({ readings: shared }) => overview(shared),
  jobs: async ({ client }) => [
    await newest(client),
    await client.jobs.count({}, { searchAtMost: mostCounted }),
    await happened(client),
  ],
  queues: async ({ client }) => [
    await client.queues.list({ countAtMost: mostCounted }),
    await happened(client),
  ],
  workers: ({ client }) => workers(client),
  schedules: async ({ client }) => {
    const schedules = await client.schedules.list();
    return [schedules, await states(client, schedules)];
  },
  limits: ({ client }) => client.limits.list(),
  operations: ({ client }) => client.operations.list(),
  health: async ({ client, readings: { diagnosis } }) => [
    await client.maintenance.list(),
    (await diagnosis.get()).findings,
  ],
  audit: ({ client }) => client.audit.list({ limit: 1 }),
  job: async ({ client }, id) => [
    await client.jobs.get(id),
    await client.jobs.logs(id, { limit: 1 }),
  ],
  operation: ({ client }, id) => client.operations.get(id),
};

/** The age of what waits grows by itself: that is no change. */
async function overview({ overview: reading }: Readings): Promise<unknown> {
  const facts = await reading.get();
  const { now: _now, tiles, ...shown } = overviewOf(facts);
  const { oldestWaitingMs: _age, ...numbers } = tiles;
  return [shown, numbers, [...facts.dueSince]];
}

async function newest(client: Client): Promise<unknown> {
  const { jobs } = await client.jobs.list({ limit: newestJobs, valuesUpTo: 1_000 });
  return jobs.map(({ id, state, run, attempt, progress }) => [id, state, run, attempt, progress]);
}

/**
 * What was counted of late. It only grows, so that a job which came and went between two readings leaves a trace, and pages that
 * saw it there are told to look again.
 */
async function happened(client: Client): Promise<unknown> {
  const entries = await client.stats.list({ from: client.clock.now() - recentMs });
  return entries.map(({ waiting: _waiting, running: _running, ...counts }) => counts);
}

/** How long ago a heartbeat was is never the same twice, so the heartbeat itself is looked at. */
async function workers(client: Client): Promise<unknown> {
  const all = await client.workers.list();
  return all.map(({ lastBeatMs: _ago, ...worker }) => worker);
}

async function states(
  client: Client,
  schedules: readonly { readonly lastJob: string | null }[],
): Promise<unknown> {
  const ids = schedules.flatMap(({ lastJob }) => lastJob ?? []).slice(0, 1_000);
  if (ids.length === 0) return [];
  const { jobs } = await client.jobs.list({ ids, limit: ids.length, valuesUpTo: 0 });
  return jobs.map(({ id, state }) => [id, state]);
}
