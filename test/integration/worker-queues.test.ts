import { defineJob } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { describeWorkers } from "./worker-bench.ts";

/** Counts how many handlers run at once, over all and by queue, and the most there ever were. */
function createCensus() {
  const now = new Map<string, number>();
  const most = new Map<string, number>();
  const change = (queue: string, by: number): void => {
    for (const key of [queue, "all"]) {
      const count = (now.get(key) ?? 0) + by;
      now.set(key, count);
      most.set(key, Math.max(most.get(key) ?? 0, count));
    }
  };
  return {
    enter: (queue: string) => change(queue, 1),
    leave: (queue: string) => change(queue, -1),
    most: (key: string) => most.get(key) ?? 0,
  };
}

describeWorkers((openBench) => {
  test.each([
    ["a queue runs no more jobs at once than its concurrency", 50, 6],
    ["all queues together run no more than the worker's concurrency", 4, 4],
  ])("%s", async (_, concurrency, most) => {
    const bench = await openBench();
    const census = createCensus();
    const job = defineJob({ name: "job" });
    const handler = job.handler(async (_payload, { queue }) => {
      census.enter(queue);
      await eventually("every place is taken", () => census.most("all") >= most);
      // A place too many would be taken within a few polls.
      await new Promise((resolve) => setTimeout(resolve, 50));
      census.leave(queue);
    });
    const receipts = await bench.client.enqueueMany(
      ["a", "b"].flatMap((queue) => Array.from({ length: 9 }, () => job.request({}, { queue }))),
    );
    const queues = { a: { concurrency: 2 }, b: { concurrency: 4 } };
    await bench.work([handler], { concurrency, queues });
    for (const { id } of receipts) await bench.finished(id);
    expect(census.most("all")).toBe(most);
    expect(census.most("a")).toBeLessThanOrEqual(2);
    expect(census.most("b")).toBeLessThanOrEqual(4);
  });

  test("a queue with a job is served at once while another keeps every turn busy", async () => {
    const bench = await openBench();
    let begun = 0;
    const job = defineJob<{ ms: number }>({ name: "job" });
    const handler = job.handler(async ({ ms }) => {
      begun += 1;
      await new Promise((resolve) => setTimeout(resolve, ms));
    });
    const backlog = Array.from({ length: 8_000 }, (_, n) => ({ ms: 20 + (n % 40) }));
    await bench.client.enqueueMany(job, backlog, { queue: "busy" });
    const queues = { busy: { concurrency: 400 }, quiet: { concurrency: 100 } };
    await bench.work([handler], { concurrency: 500, queues });
    await eventually("the busy queue is under way", () => begun >= 1_500);
    const { id } = await bench.client.enqueue(job, { ms: 0 }, { queue: "quiet" });
    await bench.finished(id);
    expect(begun, "the backlog is not yet done").toBeLessThan(6_000);
  });

  test("a worker serves only its queues: by default those of its handlers' definitions", async () => {
    const bench = await openBench();
    const job = defineJob({ name: "job", queue: "mine" });
    const other = await bench.client.enqueue(job, {}, { queue: "theirs" });
    await bench.work([job.handler(() => {})]);
    const mine = await bench.client.enqueue(job, {});
    await bench.finished(mine.id);
    await expect(bench.job(other.id)).resolves.toMatchObject({ state: "available", run: 0 });
  });

  test("a lower priority number runs first, then the older job", async () => {
    const bench = await openBench();
    const order: number[] = [];
    const job = defineJob<number>({ name: "job" });
    const handler = job.handler((number) => void order.push(number));
    const receipts = await bench.client.enqueueMany([
      job.request(4, { priority: 9 }),
      job.request(2),
      job.request(3),
      job.request(0, { priority: 0 }),
      job.request(1, { priority: 0 }),
    ]);
    await bench.work([handler], { queues: { default: { concurrency: 1 } } });
    for (const { id } of receipts) await bench.finished(id);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  test("from a paused queue nothing new is claimed, and its running job finishes untouched", async () => {
    const bench = await openBench();
    const began = createLatch();
    const goOn = createLatch();
    const job = defineJob<{ waits?: boolean }, string>({ name: "job", queue: "slow" });
    const free = defineJob({ name: "free" });
    const handler = job.handler(async ({ waits }, { signal }) => {
      if (waits === true) {
        began.open();
        await goOn.opened;
      }
      return signal.aborted ? "aborted" : "untouched";
    });
    await bench.work([handler, free.handler(() => {})]);
    const running = await bench.client.enqueue(job, { waits: true });
    await began.opened;
    await bench.client.queues.pause("slow");
    const held = await bench.client.enqueue(job, {});
    for (let round = 0; round < 3; round += 1) {
      const { id } = await bench.client.enqueue(free, {});
      await bench.finished(id);
    }
    await expect(bench.job(held.id)).resolves.toMatchObject({ state: "available", run: 0 });
    goOn.open();
    await expect(bench.finished(running.id)).resolves.toMatchObject({ result: "untouched" });
    await expect(bench.job(held.id)).resolves.toMatchObject({ state: "available", run: 0 });
    await bench.client.queues.resume("slow");
    await expect(bench.finished(held.id)).resolves.toMatchObject({ state: "completed" });
  });

  test("the handlers' names are logged at start, with the queues and the worker's id", async () => {
    const bench = await openBench();
    const handlers = ["alpha", "beta"].map((name) =>
      defineJob({ name, queue: `of-${name}` }).handler(() => {}),
    );
    const worker = await bench.work(handlers);
    expect(bench.log.said("worker started")).toEqual([
      {
        level: "info",
        message: "worker started",
        fields: {
          worker: worker.id,
          handlers: ["alpha", "beta"],
          queues: ["of-alpha", "of-beta"],
        },
      },
    ]);
    await expect(bench.client.workers.list()).resolves.toMatchObject([
      { id: worker.id, pid: process.pid, handlers: ["alpha", "beta"] },
    ]);
  });

  test("starting a started worker throws ALREADY_STARTED and leaves it running", async () => {
    const bench = await openBench();
    const job = defineJob({ name: "job" });
    const worker = await bench.work([job.handler(() => {})]);
    await expect(worker.start()).rejects.toEqual(coded("ALREADY_STARTED"));
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    await expect(bench.client.workers.list()).resolves.toHaveLength(1);
  });

  test("a thousand jobs of a handler that returns at once are each run once", async () => {
    const bench = await openBench();
    const runs = new Map<number, number>();
    const job = defineJob<number>({ name: "job" });
    const handler = job.handler((number) => void runs.set(number, (runs.get(number) ?? 0) + 1));
    const numbers = Array.from({ length: 1_000 }, (_, index) => index);
    await bench.client.enqueueMany(job, numbers);
    await bench.work([handler]);
    await eventually("all are completed", async () => {
      const { completed } = await bench.client.jobs.count({ name: "job" });
      return completed === numbers.length;
    });
    expect(runs.size).toBe(numbers.length);
    expect(new Set(runs.values())).toEqual(new Set([1]));
  });
});
