import { defineJob, type Worker } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { createLatch, type Latch } from "../support/latch.ts";
import { overridden } from "../support/overridden.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

/** Counts the jobs that run, by worker, and the most there ever were. */
function createCensus() {
  const now = new Map<string, number>();
  const total = () => [...now.values()].reduce((sum, count) => sum + count, 0);
  let most = 0;
  return {
    enter(worker: string): void {
      now.set(worker, (now.get(worker) ?? 0) + 1);
      most = Math.max(most, total());
    },
    leave: (worker: string) => void now.set(worker, (now.get(worker) ?? 0) - 1),
    total,
    most: () => most,
    of: (worker: Worker) => now.get(worker.id ?? "") ?? 0,
  };
}

const job = defineJob({ name: "job", queue: "shared" });

/** A handler whose jobs run until the latch opens or they are asked to stop. */
function holding(census: ReturnType<typeof createCensus>, goOn: Latch) {
  return job.handler(async (_, { worker, signal }) => {
    census.enter(worker.id);
    const stopped = new Promise((resolve) => signal.addEventListener("abort", resolve));
    await Promise.race([goOn.opened, stopped]);
    census.leave(worker.id);
  });
}

async function enqueue({ client }: Bench, count: number): Promise<void> {
  await client.enqueueMany(
    job,
    Array.from({ length: count }, () => ({})),
  );
}

describeWorkers((openBench) => {
  test("seven at a time are shared 3, 2 and 2 by three workers, and by two when one has stopped", async () => {
    const bench = await openBench();
    const census = createCensus();
    const handler = job.handler(async (_, { worker }) => {
      census.enter(worker.id);
      await new Promise((resolve) => setTimeout(resolve, 40));
      census.leave(worker.id);
    });
    await bench.client.queues.update("shared", { maxRunning: 7 });
    await enqueue(bench, 1_000);
    const workers: Worker[] = [];
    for (let index = 0; index < 3; index += 1) workers.push(await bench.work([handler]));
    const began = performance.now();
    const shares = () => workers.map((worker) => census.of(worker)).join(" ");
    await eventually("they share", () => shares() === "3 2 2");
    expect(performance.now() - began).toBeLessThan(2_000);
    await workers[0]?.stop();
    await eventually("the others have taken its part", () => shares() === "0 4 3");
    expect(census.most()).toBe(7);
  });

  test("what a worker has no places for goes to the others at once", async () => {
    const bench = await openBench();
    const census = createCensus();
    const goOn = createLatch();
    const handler = holding(census, goOn);
    await bench.client.queues.update("shared", { maxRunning: 6 });
    const small = await bench.work([handler], { queues: { shared: { concurrency: 1 } } });
    const large = await bench.work([handler]);
    await enqueue(bench, 10);
    await eventually("all places are taken", () => census.total() === 6);
    expect([census.of(small), census.of(large)]).toEqual([1, 5]);
    goOn.open();
  });

  test("a part that its worker has no use for goes to the others after a second", async () => {
    const bench = await openBench();
    const census = createCensus();
    const goOn = createLatch();
    const began = createLatch();
    const other = defineJob({ name: "other", queue: "other" });
    const elsewhere = other.handler(async () => {
      began.open();
      await goOn.opened;
    });
    const handler = holding(census, goOn);
    await bench.client.queues.update("shared", { maxRunning: 6 });
    const busy = await bench.work([handler, elsewhere], { concurrency: 1 });
    await bench.client.enqueue(other, {});
    await began.opened;
    const free = await bench.work([handler]);
    await enqueue(bench, 10);
    await eventually("its part is taken", () => census.of(free) === 3);
    const since = performance.now();
    await eventually("all places are taken", () => census.of(free) === 6);
    expect(performance.now() - since).toBeGreaterThan(500);
    expect(census.of(busy)).toBe(0);
    goOn.open();
  });

  test("a maxRunning set while a worker runs is kept to, and given up when it is taken back", async () => {
    const bench = await openBench();
    const census = createCensus();
    const goOn = createLatch();
    await bench.client.queues.update("shared", { maxRunning: 2 });
    await bench.work([holding(census, goOn)], { queues: { shared: { concurrency: 5 } } });
    await enqueue(bench, 9);
    await eventually("two run", () => census.total() === 2);
    await bench.client.queues.update("shared", { maxRunning: 4 });
    await eventually("four run", () => census.total() === 4);
    expect(census.most()).toBe(4);
    await bench.client.queues.update("shared", { maxRunning: null });
    await eventually("as many run as there are places", () => census.total() === 5);
    goOn.open();
  });

  test("the jobs of a batch count one by one", async () => {
    const bench = await openBench();
    const sizes: number[] = [];
    let running = 0;
    let most = 0;
    const handler = job.batchHandler({ size: 10, linger: 0 }, async ({ items }) => {
      running += items.length;
      most = Math.max(most, running);
      sizes.push(items.length);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= items.length;
    });
    await bench.client.queues.update("shared", { maxRunning: 4 });
    await enqueue(bench, 20);
    await bench.work([handler]);
    await eventually(
      "all are done",
      async () => (await bench.client.jobs.count()).completed === 20,
    );
    expect(most).toBe(4);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
  });

  test("a queue with a maxRunning gets its turn while another keeps every place busy", async () => {
    const bench = await openBench();
    let begun = 0;
    const busy = defineJob({ name: "busy", queue: "busy" });
    const handlers = [
      busy.handler(async () => {
        begun += 1;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }),
      job.handler(() => {}),
    ];
    await bench.client.queues.update("shared", { maxRunning: 1 });
    await bench.client.enqueueMany(
      busy,
      Array.from({ length: 1_000 }, () => ({})),
    );
    await bench.work(handlers, { concurrency: 2 });
    await eventually("the busy queue is under way", () => begun > 20);
    const { id } = await bench.client.enqueue(job, {});
    await bench.finished(id);
    expect(begun, "the backlog is not yet done").toBeLessThan(900);
  });

  const other = defineJob({ name: "other", queue: "other" });
  test.each([
    ["a job", other.handler(() => {})],
    ["a job of a batch", other.batchHandler({}, () => {})],
  ])(
    "%s that comes while a queue with a maxRunning is claimed from begins as soon as that is over",
    async (_, handler) => {
      const asking = createLatch();
      const answer = createLatch();
      let claims = 0;
      const bench = await openBench({
        wrap: (storage) =>
          overridden(storage, {
            async claimCapped(...given: Parameters<typeof storage.claimCapped>) {
              claims += 1;
              // By then the worker is idle, and waits for nothing but news.
              if (claims > 2) {
                asking.open();
                await answer.opened;
              }
              return storage.claimCapped(...given);
            },
          }),
      });
      await bench.client.queues.update("shared", { maxRunning: 1 });
      // Only a place that comes free lets it look again.
      await bench.work([job.handler(() => {}), handler], { concurrency: 1, poll: "1m" });
      await asking.opened;
      const { id } = await bench.client.enqueue(other, {});
      answer.open();
      expect(await bench.finished(id)).toMatchObject({ state: "completed" });
    },
  );

  test("short jobs of a queue with a maxRunning follow one another at once", async () => {
    const bench = await openBench();
    const census = createCensus();
    const handler = job.handler((_, { worker }) => {
      census.enter(worker.id);
      census.leave(worker.id);
    });
    await bench.client.queues.update("shared", { maxRunning: 3 });
    await bench.work([handler], { poll: "10s" });
    const began = performance.now();
    await enqueue(bench, 100);
    await eventually("all are done", async () => {
      const { completed } = await bench.client.jobs.count();
      return completed === 100;
    });
    expect(performance.now() - began, "nobody waited for a poll").toBeLessThan(5_000);
  });
});
