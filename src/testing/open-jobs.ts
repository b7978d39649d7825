import type { Client } from "../core/client.ts";
import type { JobState } from "../core/job.ts";
import { engineOf } from "../service/engine.ts";

/** How many jobs of these names run or could be claimed now; those of a cooling queue could not. */
export async function countOpen(client: Client, names: readonly string[]): Promise<number> {
  const cooling = (await coolingQueues(client)).map(({ name }) => name);
  const all = await count(client, names, ["available", "running"]);
  const closed = await Promise.all(
    cooling.map((queue) => count(client, names, ["available"], queue)),
  );
  return all - sum(closed);
}

/** When the next cooling queue opens in which jobs of these names are available; `Infinity` for never. */
export async function opensAt(client: Client, names: readonly string[]): Promise<number> {
  let next = Number.POSITIVE_INFINITY;
  for (const { name, closedUntil } of await coolingQueues(client)) {
    const waiting = await count(client, names, ["available"], name);
    if (waiting > 0) next = Math.min(next, closedUntil);
  }
  return next;
}

async function coolingQueues(
  client: Client,
): Promise<readonly { readonly name: string; readonly closedUntil: number }[]> {
  const { storage, clock } = engineOf(client);
  const now = clock.now();
  return (await storage.listQueues()).flatMap(({ name, closedUntil }) =>
    closedUntil !== null && closedUntil > now ? [{ name, closedUntil }] : [],
  );
}

async function count(
  client: Client,
  names: readonly string[],
  states: readonly JobState[],
  queue?: string,
): Promise<number> {
  const { storage } = engineOf(client);
  const inQueue = queue === undefined ? {} : { queue };
  const counts = await Promise.all(
    names.map((name) => storage.countJobs({ name, states, ...inQueue })),
  );
  return sum(counts.map(({ available, running }) => available + running));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
