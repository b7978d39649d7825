import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { allJobs } from "./all-jobs.ts";
import type { Crew } from "./crew.ts";
import { endSomehow, leaveMark } from "./jobs.mjs";
import { countMarks, type Place } from "./place.ts";
import { until } from "./until.ts";

const killEveryMs = 4_000;
const againMs = 100;
const mostDelayMs = 1_000;
const keys = 40;
const lanes = 4;
const tables = ["live", "later", "blocked", "uniq", "keylock"] as const;

/** How a job's payload asks to end, and the state it must end in. */
const endings = {
  "fail-twice": "completed",
  snooze: "completed",
  discard: "discarded",
  "await-cancel": "cancelled",
  parent: "completed",
} as const;

type Ending = keyof typeof endings;

/** What was put in. */
export interface Load {
  /** Jobs stored, their children not counted. */
  stored: number;
  /** Enqueues that met the holder of their key. */
  existing: number;
  /** Requests to cancel that are still to come. */
  readonly cancels: Promise<unknown>[];
}

/** Enqueues jobs that end in every way, until it is over; gives what was put in when all of it is. */
export async function enqueueMixed(place: Place, over: () => boolean): Promise<Load> {
  const load: Load = { stored: 0, existing: 0, cancels: [] };
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (!over()) await enqueuePair(place, (next += 1), load);
    }),
  );
  await Promise.all(load.cancels);
  return load;
}

/** Enqueues one job that ends somehow and one with a unique key. */
async function enqueuePair({ client }: Place, n: number, load: Load): Promise<void> {
  const kinds = Object.keys(endings) as Ending[];
  const ending = kinds[n % kinds.length] ?? "snooze";
  const delay = n % 3 === 0 ? Math.floor(Math.random() * mostDelayMs) : 0;
  const unique = { key: n % keys, while: n % 2 === 0 ? "unfinished" : "waiting" } as const;
  const [somehow, marker] = await Promise.all([
    client.enqueue(endSomehow, { ending }, { delay }),
    client.enqueue(leaveMark, { workMs: n % 20 }, { delay, unique }),
  ]);
  load.stored += marker.outcome === "enqueued" ? 2 : 1;
  load.existing += marker.outcome === "existing" ? 1 : 0;
  if (ending === "await-cancel") {
    load.cancels.push(
      sleep(Math.random() * mostDelayMs).then(() => client.jobs.cancel(somehow.id)),
    );
  }
}

/** Kills a process from time to time, and never the only one that has started: somebody must be there to rescue its jobs. */
export async function killSome(crew: Crew, over: () => boolean): Promise<void> {
  for (let waitMs = 0; !over(); await sleep(waitMs)) {
    const [oldest, another] = crew.ready();
    if (another !== undefined) oldest?.signal("SIGKILL");
    waitMs = another === undefined ? againMs : killEveryMs;
  }
}

/** How the jobs of a load ended, and how many had a child. */
export interface Summary {
  readonly completed: number;
  readonly cancelled: number;
  readonly discarded: number;
  readonly parents: number;
}

/** Waits until every job has finished, and holds what is there against what was put in. */
export async function expectAllAccountedFor(place: Place, load: Load): Promise<Summary> {
  const { client } = place;
  const count = await until("every job has finished", 60_000, async () => {
    const now = await client.jobs.count();
    return now.available + now.scheduled + now.retryable + now.running + now.blocked === 0 && now;
  });
  const jobs = await allJobs(client);
  const somehow = jobs.filter(({ name }) => name === endSomehow.name);
  expect(somehow.filter((job) => job.state !== endings[endingOf(job)])).toEqual([]);
  const parents = somehow.filter((job) => endingOf(job) === "parent").length;
  const markers = jobs.filter(({ name }) => name === leaveMark.name);
  expect(markers.filter(({ state }) => state !== "completed")).toEqual([]);
  expect(jobs).toHaveLength(load.stored + parents);
  expect(count.completed + count.cancelled + count.discarded).toBe(jobs.length);
  const marks = markers.length + parents;
  expect(await countMarks(place)).toEqual({ rows: marks, jobs: marks });
  for (const table of tables) expect([table, await rowsIn(place, table)]).toEqual([table, 0]);
  return { ...count, parents };
}

async function rowsIn({ query, table }: Place, name: string): Promise<number> {
  const [found] = await query<{ rows: unknown }>(`SELECT count(*) AS rows FROM ${table(name)}`);
  return Number(found?.rows);
}

const endingOf = (job: { readonly payload: unknown }) =>
  (job.payload as { readonly ending: Ending }).ending;
