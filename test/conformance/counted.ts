import { expect } from "vitest";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import { bucketOf, durationOf } from "../../src/core/histogram.ts";
import { settle } from "../../src/core/lifecycle.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import { sumOf } from "../../src/core/stats.ts";
import { storeError } from "../../src/core/stored-error.ts";
import type { StatsKept } from "../../src/storage/contract/stats.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { claim, dayMs, enqueue, hire, someJobs, t0 } from "./jobs.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** How long the laws keep what was counted. */
export const kept: StatsKept = { minutesMs: 2 * dayMs, allMs: 30 * dayMs };

/** All there is. */
export const always = { from: 0, to: 4 * t0 };

export const error = storeError(new Error("no"));
export const completed = { kind: "completed" } as const;
export const failed = { kind: "failed", error } as const;

/** An attempt's end: it began 100 ms after it was due, unless said otherwise, and took 50 ms. */
export function ending(
  job: ClaimedJob,
  outcome: Outcome = completed,
  began = t0 + 100,
): Settlement {
  return settle(job, outcome, { now: began + 50, random: 0, began });
}

/** What was counted in all, without what is zero. */
export async function counted(
  storage: Storage,
  filter: object = {},
): Promise<Record<string, number>> {
  const sum = sumOf(await storage.readStats({ ...always, ...filter }));
  const { waiting, running, ...counts } = sum;
  expect(sumOf(await storage.sumStats({ ...always, ...filter }))).toEqual(sum);
  const all = { ...counts, waiting: waiting?.count ?? 0, running: running?.count ?? 0 };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

/** How a duration is told. */
export const told = (ms: number) => durationOf(bucketOf(ms));

/** Stores jobs and takes them. */
export async function takeSome(storage: Storage, count: number): Promise<readonly ClaimedJob[]> {
  await enqueue(storage, ...someJobs(count));
  return claim(storage, await hire(storage));
}

/** Adds up until nothing is left to; gives how many rows that concerned. */
export async function rollUp(storage: Storage, now = t0, limit = 1_000): Promise<number> {
  for (let rows = 0; ; ) {
    const answer = await storage.rollUpStats(limit, now, kept);
    rows += answer.rows;
    if (!answer.more) return rows;
  }
}
