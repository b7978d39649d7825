import { defineJob, type Ending } from "holdfast";
import {
  createManualClock,
  drain,
  expectEnqueued,
  expectNotEnqueued,
  runUntilIdle,
} from "holdfast/testing";
import { expect, test } from "vitest";
import { aborted } from "../support/aborted.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { describeWorkers } from "./worker-bench.ts";

const job = defineJob<{ nth: number }>({ name: "job" });
const child = defineJob<{ of: number; deep: { list: number[] } }>({ name: "child" });
const start = Date.UTC(2026, 0, 1);

describeWorkers((openBench) => {
  test("a manual clock drives delays", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const ran: number[] = [];
    await bench.work([job.handler(({ nth }, { clock: time }) => void ran.push(nth, time.now()))]);
    const { id } = await bench.client.enqueue(job, { nth: 1 }, { delay: "24h" });
    await clock.advance("23h");
    await expect(bench.job(id)).resolves.toMatchObject({ state: "scheduled", createdAt: start });
    await clock.advance("1h");
    await bench.finished(id);
    expect(ran).toEqual([1, start + 86_400_000]);
    const { finishedAt } = await bench.job(id);
    expect(finishedAt).toBe(start + 86_400_000);
  });

  test("a manual clock drives retries and timeouts", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const slow = defineJob({
      name: "slow",
      timeout: "30m",
      retry: { attempts: 2, backoff: "fixed", delay: "1h" },
    });
    const began = [createLatch(), createLatch()];
    const handler = slow.handler(async (_, { attempt, signal }) => {
      began[attempt - 1]?.open();
      await aborted(signal);
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(slow, {});
    await began[0]?.opened;
    await clock.advance("29m");
    await expect(bench.job(id)).resolves.toMatchObject({ state: "running" });
    await clock.advance("1m");
    const failed = await bench.jobOnce(id, "has timed out", ({ state }) => state === "retryable");
    expect(failed.runAt).toBe(start + 90 * 60_000);
    await clock.advance("1h");
    await began[1]?.opened;
    await clock.advance("30m");
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "discarded" });
  });

  test("runUntilIdle works what is due and what that enqueues, and leaves the rest", async () => {
    const bench = await openBench();
    const handlers = [
      job.handler(async ({ nth }, { enqueue }) => {
        await enqueue(child, { of: nth, deep: { list: [] } });
      }),
      child.handler(() => {}),
    ];
    await bench.client.enqueueMany(job, [{ nth: 1 }, { nth: 2 }]);
    const later = await bench.client.enqueue(job, { nth: 3 }, { delay: "1h" });
    await runUntilIdle(bench.client, { handlers });
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ completed: 4, scheduled: 1 });
    await expect(bench.job(later.id)).resolves.toMatchObject({ state: "scheduled" });
    await expect(bench.client.workers.list()).resolves.toEqual([]);
  });

  test("drain moves the clock to each due time until every job has ended", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const flaky = defineJob({
      name: "flaky",
      retry: { backoff: { min: "1h", max: "8h", jitter: 0 } },
    });
    const at: number[] = [];
    const handler = flaky.handler((_, { attempt }) => {
      at.push((clock.now() - start) / 3_600_000);
      if (attempt < 5) throw new Error("no");
    });
    const { id } = await bench.client.enqueue(flaky, {}, { delay: "2h" });
    await drain(bench.client, { handlers: [handler] });
    expect(at).toEqual([2, 3, 5, 9, 17]);
    await expect(bench.job(id)).resolves.toMatchObject({ state: "completed" });
  });

  test("drain goes on when a throttled queue opens again", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    let asked = 0;
    const handler = job.handler((_, context): Ending | undefined =>
      ++asked === 1 ? context.throttle("10m") : undefined,
    );
    await bench.client.enqueueMany(job, [{ nth: 1 }, { nth: 2 }, { nth: 3 }]);
    await drain(bench.client, { handlers: [handler], queues: { default: { concurrency: 1 } } });
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ completed: 3 });
    expect(clock.now()).toBe(start + 600_000);
  });

  test("drain moves the clock to the opening of a queue nothing else is booked for", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const handler = job.handler(() => {});
    await bench.client.enqueue(job, { nth: 1 });
    const closed = { level: 1, closedUntil: start + 120_000 };
    await bench.storage.coolQueue("default", { level: 0, closedUntil: 0 }, closed);
    await runUntilIdle(bench.client, { handlers: [handler] });
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ available: 1 });
    await drain(bench.client, { handlers: [handler] });
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ completed: 1 });
    expect(clock.now()).toBe(start + 120_000);
  });

  test("runUntilIdle works a lane to its end, and drain moves the clock to what a rate lets in", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const order: number[] = [];
    const laned = defineJob<number>({ name: "laned", lane: () => "one" });
    const rated = defineJob<number>({ name: "rated", limits: [{ rate: "2/1m" }] });
    const handlers = [
      laned.handler(async (number) => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push(number);
      }),
      rated.handler(() => {}),
    ];
    await bench.client.enqueueMany(laned, [1, 2, 3, 4, 5]);
    await runUntilIdle(bench.client, { handlers });
    expect(order).toEqual([1, 2, 3, 4, 5]);
    await bench.client.enqueueMany(rated, [1, 2, 3, 4]);
    await runUntilIdle(bench.client, { handlers });
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ completed: 7, blocked: 2 });
    await drain(bench.client, { handlers });
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ completed: 9, blocked: 0 });
    expect(clock.now()).toBe(start + 60_000);
  });

  test("they give up in time and say why", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const stuck = job.handler(() => new Promise<never>(() => {}));
    await bench.client.enqueue(job, { nth: 1 });
    const options = { giveUpAfter: "200ms", drain: 0, grace: 0 } as const;
    await expect(runUntilIdle(bench.client, { handlers: [stuck], ...options })).rejects.toEqual(
      coded("WAIT_TIMEOUT", "Jobs were still available or running"),
    );
    const endless = job.handler((_, context) => context.rescheduleIn("1h"));
    await expect(drain(bench.client, { handlers: [endless], ...options })).rejects.toEqual(
      coded("WAIT_TIMEOUT", "does one reschedule itself"),
    );
  });

  test("drain needs a client with a manual clock", async () => {
    const bench = await openBench();
    await expect(drain(bench.client, { handlers: [] })).rejects.toEqual(
      coded("INVALID_OPTION", "createManualClock"),
    );
  });

  test("expectEnqueued gives the newest job whose payload has the members named", async () => {
    const bench = await openBench();
    const deep = { list: [1, 2] };
    await bench.client.enqueue(child, { of: 1, deep });
    const newest = await bench.client.enqueue(child, { of: 2, deep }, { delay: "1h" });
    await bench.client.enqueue(child, { of: 3, deep: { list: [1] } });
    const found = await expectEnqueued(bench.client, child, { deep });
    expect(found).toMatchObject({ id: newest.id, payload: { of: 2 } });
    await expectNotEnqueued(bench.client, child, { of: 4 });
    await expectNotEnqueued(bench.client, job);
  });

  test("their failures say what there is", async () => {
    const bench = await openBench();
    await expect(expectEnqueued(bench.client, child)).rejects.toThrow(
      'Expected a "child" job; there is none.',
    );
    const { id } = await bench.client.enqueue(child, { of: 1, deep: { list: [] } });
    await expect(expectEnqueued(bench.client, child, { of: 2 })).rejects.toThrow(
      'Expected a "child" job with {"of":2}; there are 1: {"of":1,"deep":{"list":[]}}.',
    );
    await expect(expectNotEnqueued(bench.client, child, { of: 1 })).rejects.toThrow(
      `Expected no "child" job; job ${id} is available with {"of":1,"deep":{"list":[]}}.`,
    );
    await bench.client.jobs.cancel(id);
    await expectNotEnqueued(bench.client, child);
  });
});
