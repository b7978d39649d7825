import type { Client } from "../core/client.ts";
import type { Job, JobState } from "../core/job.ts";
import { engineOf } from "../service/engine.ts";

const states: readonly JobState[] = ["available", "running", "blocked"];
const pageSize = 1_000;
const gatesAtOnce = 1_000;

/** What jobs of some names do now. */
interface Sight {
  /** They run, or could be claimed; those of a cooling queue could not. */
  readonly open: number;
  /** They wait for a lane or a limit. */
  readonly blocked: number;
}

/** True when no job of these names runs, could be claimed or could be let in. */
export async function areIdle(client: Client, names: readonly string[]): Promise<boolean> {
  const { storage, clock } = engineOf(client);
  const before = await look(client, names);
  if (before.open > 0) return false;
  if (before.blocked === 0) return true;
  const pass = await storage.admitWaiting(gatesAtOnce, clock.now());
  if (pass.rows > 0 || pass.more || pass.partial) return false;
  // A job the worker has let in meanwhile may have kept the pass from it, and be over by now.
  const after = await look(client, names);
  return after.open === 0 && after.blocked === before.blocked;
}

/** When a rate lets the next blocked job in, or now when that cannot be said yet; `Infinity` for never. */
export async function admitsAt(client: Client): Promise<number> {
  const { storage, clock } = engineOf(client);
  const now = clock.now();
  const { rows, more, partial, nextAt } = await storage.admitWaiting(gatesAtOnce, now);
  return rows > 0 || more || partial ? now : (nextAt ?? Number.POSITIVE_INFINITY);
}

async function look(client: Client, names: readonly string[]): Promise<Sight> {
  const cooling = await coolingQueues(client);
  const jobs = await openJobs(client, names);
  const blocked = jobs.filter(({ state }) => state === "blocked").length;
  const closed = jobs.filter(({ state, queue }) => state === "available" && cooling.has(queue));
  return { open: jobs.length - blocked - closed.length, blocked };
}

/** When the next cooling queue opens in which jobs of these names wait; `Infinity` for never. */
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
