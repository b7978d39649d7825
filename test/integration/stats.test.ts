import { setTimeout as sleep } from "node:timers/promises";
import { DiscardError, defineJob, type Job } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { describeWorkers, type Bench } from "./worker-bench.ts";

const hour = 3_600_000;

/** The value of this rank: no less than `share` of all are at most as large. */
function exact(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

function expectWithin(told: number | undefined, value: number): void {
  expect(Math.abs((told ?? Number.NaN) - value)).toBeLessThanOrEqual(0.05 * value);
}

async function finishedJobs({ client }: Bench, count: number): Promise<readonly Job[]> {
  return eventually("all have finished", async () => {
    const { jobs } = await client.jobs.list({ limit: 1_000 });
    const done = jobs.filter(({ state }) => state === "completed" || state === "discarded");
    return done.length === count && done;
  });
}

describeWorkers((openBench) => {
  test("percentiles put together of three workers are within 5 % of the jobs' own, and totals are equal", async () => {
    const bench = await openBench();
    const work = defineJob<number>({ name: "work", queue: "q" });
    const handler = work.handler(async (ms) => {
      await sleep(ms);
      if (ms === 3) throw new DiscardError("three");
    });
    const count = 240;
    await bench.client.enqueueMany(
      work,
      Array.from({ length: count }, (_, n) => (n % 12 === 0 ? 60 + n / 4 : n % 9)),
    );
    for (let worker = 0; worker < 3; worker++) {
      await bench.work([handler], { queues: { q: { concurrency: 4 } } });
    }
    const jobs = await finishedJobs(bench, count);
    expect(new Set(jobs.map(({ attempts }) => attempts[0]?.worker)).size).toBe(3);
    for (let pass = 0; pass < 2; pass++) {
      const stats = await bench.client.stats.summary({ queue: "q" });
      const attempts = jobs.flatMap((job) => job.attempts.map((each) => ({ ...each, job })));
      const running = attempts.map(({ began, ended }) => ended - began);
      const waiting = attempts.map(({ began, job }) => began - job.runAt);
      const discarded = jobs.filter(({ state }) => state === "discarded").length;
      expect(stats).toMatchObject({
        enqueued: count,
        started: count,
        completed: count - discarded,
        discarded,
        failed: discarded,
        running: { count },
        waiting: { count },
      });
      for (const [key, share] of [
        ["p50", 0.5],
        ["p95", 0.95],
        ["p99", 0.99],
      ] as const) {
        expectWithin(stats.running?.[key], exact(running, share));
        expectWithin(stats.waiting?.[key], exact(waiting, share));
      }
      await bench.storage.rollUpStats(10_000, bench.client.clock.now(), {
        minutesMs: hour,
        allMs: hour,
      });
    }
  });

  test("a series has a point for each step, and its sums are those of the summary", async () => {
    const bench = await openBench();
    const { client } = bench;
    for (let n = 0; n < 3; n++) await client.enqueue("a", n);
    await client.enqueue("b", 1, { queue: "other" });
    const to = Math.ceil(client.clock.now() / hour) * hour;
    const series = await client.stats.series({ from: to - 3 * hour, to, step: "1h" });
    expect(series).toMatchObject({ from: to - 3 * hour, to, step: hour });
    expect(series.points.map(({ at, enqueued }) => [to - at, enqueued])).toEqual([
      [3 * hour, 0],
      [2 * hour, 0],
      [hour, 4],
    ]);
    const one = await client.stats.series({ name: "b", step: "5m" });
    expect(one.points.reduce((sum, { enqueued }) => sum + enqueued, 0)).toBe(1);
    expect(await client.stats.list()).toMatchObject([
      { queue: "default", name: "a", enqueued: 3, waiting: null },
      { queue: "other", name: "b", enqueued: 1, running: null },
    ]);
    expect(await client.stats.list({ from: 0, to: hour })).toEqual([]);
  });

  test("what a worker did is added up by its own pass", async () => {
    const bench = await openBench();
    const { client, storage } = bench;
    for (let n = 0; n < 3; n++) await client.enqueue("nobody", n);
    await bench.work([]);
    const all = { from: 0, to: client.clock.now() + hour };
    await eventually("a row is of the table of sums", async () => {
      const left = await storage.rollUpStats(1, client.clock.now(), {
        minutesMs: hour,
        allMs: hour,
      });
      return left.rows === 0 && (await storage.readStats(all)).length === 1;
    });
  });

  test("wrong options are refused by name", async () => {
    const { client } = await openBench();
    const refused = (call: Promise<unknown>, words: string) =>
      expect(call).rejects.toEqual(coded("INVALID_OPTION", words));
    await refused(client.stats.summary({ from: "now" as never }), "client.stats.summary: from");
    await refused(client.stats.summary({ queue: "" }), "client.stats.summary: queue");
    await refused(client.stats.list({ step: "1m" } as never), "client.stats.list has no option");
    await refused(client.stats.series({ step: "90s" }), "whole minutes");
    await refused(client.stats.series({ step: "soon" as never }), "client.stats.series: step");
    await refused(client.stats.series({ from: 0, step: "1m" }), "10,000 are the most");
  });
});
