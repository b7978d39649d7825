import type { Client } from "../core/client.ts";
import type { Job, JobState } from "../core/job.ts";
import { engineOf } from "../service/engine.ts";

const states: readonly JobState[] = ["available", "running"];
const pageSize = 1_000;

/** How many jobs of these names run or could be claimed now; those of a cooling queue could not. */
export async function countOpen(client: Client, names: readonly string[]): Promise<number> {
  const cooling = await coolingQueues(client);
  const jobs = await openJobs(client, names);
  return jobs.filter(({ state, queue }) => state === "running" || !cooling.has(queue)).length;
}

/** When the next cooling queue opens in which jobs of these names are available; `Infinity` for never. */
export async function opensAt(client: Client, names: readonly string[]): Promise<number> {
  const cooling = await coolingQueues(client);
  const jobs = await openJobs(client, names);
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...jobs.map(({ queue }) => cooling.get(queue) ?? Number.POSITIVE_INFINITY),
  );
}

/** Until when each queue is closed that a throttled handler has closed. */
async function coolingQueues(client: Client): Promise<ReadonlyMap<string, number>> {
  const { storage, clock } = engineOf(client);
  const now = clock.now();
  const cooling = new Map<string, number>();
  for (const { name, closedUntil } of await storage.listQueues()) {
    if (closedUntil !== null && closedUntil > now) cooling.set(name, closedUntil);
  }
  return cooling;
}

/** All in one look: between two, a job could end in the one and its child begin in the other. */
async function openJobs(client: Client, names: readonly string[]): Promise<readonly Job[]> {
  const { storage } = engineOf(client);
  const open: Job[] = [];
  let last: Job | undefined;
  do {
    const page: readonly Job[] = await storage.listJobs({ states }, pageSize, last?.id);
    open.push(...page.filter(({ name }) => names.includes(name)));
    last = page.length === pageSize ? page.at(-1) : undefined;
  } while (last !== undefined);
  return open;
}
