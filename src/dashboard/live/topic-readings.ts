import type { Client } from "../../core/client.ts";
import type { WorkerRecord } from "../../core/worker-record.ts";
import type { Topic } from "../wire/live.ts";

/** Reads what pages show of a topic, as cheaply as that can be told from what they showed before. */
export function readTopic(client: Client, topic: Topic): Promise<unknown> {
  const [kind = "", id = ""] = topic.split(":", 2);
  const read = readings[kind];
  if (read === undefined) throw new Error(`There is no reading of ${topic}.`);
  return read(client, id);
}

/** The doctor looks at more than the rest of us. */
const healthEveryMs = 2_000;

/** How often a topic is read at most. */
export function pauseOf(topic: Topic): number {
  return topic === "health" ? healthEveryMs : 1_000;
}

type Read = (client: Client, id: string) => Promise<unknown>;

const newestJobs = 20;
/** Beyond it what is counted of late tells. */
const mostCounted = 1_000;
const recentMs = 120_000;

const readings: Readonly<Record<string, Read>> = {
  overview: async (client) => [await readings["queues"]?.(client, ""), await load(client)],
  jobs: async (client) => [
    await newest(client),
    await client.jobs.count({}, { searchAtMost: mostCounted }),
    await happened(client),
  ],
  queues: async (client) => [await client.queues.list(), await happened(client)],
  workers: (client) => workers(client),
  schedules: async (client) => {
    const schedules = await client.schedules.list();
    return [schedules, await states(client, schedules)];
  },
  limits: (client) => client.limits.list(),
  operations: (client) => client.operations.list(),
  health: async (client) => [await client.maintenance.list(), await workers(client)],
  audit: (client) => client.audit.list({ limit: 1 }),
  job: async (client, id) => [await client.jobs.get(id), await client.jobs.logs(id, { limit: 1 })],
  operation: (client, id) => client.operations.get(id),
};

async function newest(client: Client): Promise<unknown> {
  const { jobs } = await client.jobs.list({ limit: newestJobs });
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

/** Of the workers what matters away from their own page. */
async function load(client: Client): Promise<unknown> {
  const all = await client.workers.list();
  return all.map((worker: WorkerRecord) => [
    worker.id,
    worker.state,
    worker.version,
    worker.report?.running,
    worker.report?.places,
  ]);
}

async function states(
  client: Client,
  schedules: readonly { readonly lastJob: string | null }[],
): Promise<unknown> {
  const ids = schedules.flatMap(({ lastJob }) => lastJob ?? []).slice(0, 1_000);
  if (ids.length === 0) return [];
  const { jobs } = await client.jobs.list({ ids, limit: ids.length });
  return jobs.map(({ id, state }) => [id, state]);
}
