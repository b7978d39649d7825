import { type BatchHandler, defineJob, type JobBatch } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

const job = defineJob<{ n: number }>({
  name: "job",
  retry: { attempts: 3, backoff: "fixed", delay: "5ms", resetAfter: 1e9 },
});
const plain = defineJob<{ n: number }>({ name: "plain" });

const numbers = (count: number): { n: number }[] =>
  Array.from({ length: count }, (_, n) => ({ n }));

async function enqueue({ client }: Bench, count: number): Promise<string[]> {
  return (await client.enqueueMany(job, numbers(count))).map(({ id }) => id);
}

/** What each batch was made of: the payloads, and how many batches ran beside it. */
function recorded(options: {
  readonly size?: number;
  readonly concurrent?: number;
  readonly linger?: `${number}ms`;
  /** A batch lasts until once so many have run beside each other, however slow the machine is. */
  readonly together?: number;
}) {
  const { together = 1, ...batching } = options;
  const seen: number[][] = [];
  let running = 0;
  let most = 0;
  const handler: BatchHandler = job.batchHandler(batching, async (batch) => {
    running += 1;
    most = Math.max(most, running);
    seen.push(batch.items.map(({ payload }) => payload.n));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await eventually("others run beside it", () => most >= together);
    running -= 1;
  });
  return { handler, seen, most: () => most };
}

describeWorkers((openBench) => {
  test("jobs that wait come together, in order, at most so many at once", async () => {
    const bench = await openBench();
    const ids = await enqueue(bench, 7);
    const { handler, seen } = recorded({ size: 3, concurrent: 1 });
    await bench.work([handler]);
    for (const id of ids)
      await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    expect(seen).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  });

  test("no more batches run at once than concurrent says", async () => {
    const bench = await openBench();
    const ids = await enqueue(bench, 12);
    const { handler, seen, most } = recorded({ size: 2, concurrent: 2, together: 2 });
    await bench.work([handler]);
    for (const id of ids) await bench.finished(id);
    expect(seen.flat().toSorted((a, b) => a - b)).toEqual(numbers(12).map(({ n }) => n));
    expect(seen.every((batch) => batch.length === 2)).toBe(true);
    expect(most()).toBe(2);
  });

  test("a batch takes one place of the worker, whatever its size", async () => {
    const bench = await openBench();
    const open = createLatch();
    const began = createLatch();
    const handler = job.batchHandler({ size: 10, concurrent: 5 }, async () => {
      began.open();
      await open.opened;
    });
    const ran = createLatch();
    const ids = await enqueue(bench, 20);
    await bench.work([handler, plain.handler(() => ran.open())], { concurrency: 2 });
    await began.opened;
    await bench.jobOnce(ids[19] as string, "runs", ({ state }) => state === "running");
    const { id } = await bench.client.enqueue(plain, { n: 1 });
    // Both places are taken by the two batches.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(bench.job(id)).resolves.toMatchObject({ state: "available" });
    open.open();
    await ran.opened;
    await bench.finished(id);
  });

  test("what is claimed is what there is a place to run: the rest stays for other workers", async () => {
    const bench = await openBench();
    const open = createLatch();
    const began = createLatch();
    const ids = await enqueue(bench, 9);
    const handler = job.batchHandler({ size: 2, concurrent: 2 }, async () => {
      began.open();
      await open.opened;
    });
    await bench.work([handler]);
    await began.opened;
    await bench.jobOnce(ids[3] as string, "runs", ({ state }) => state === "running");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(bench.client.jobs.count()).resolves.toMatchObject({ running: 4, available: 5 });
    open.open();
    for (const id of ids) await bench.finished(id);
  });

  test("a worker kept busy by other jobs still comes to its batches", async () => {
    const bench = await openBench();
    let stop = false;
    const busy = plain.handler(async ({ n }, context) => {
      if (!stop) await context.enqueue(plain, { n });
    });
    const { handler } = recorded({ size: 5 });
    await bench.client.enqueueMany(plain, numbers(20));
    await bench.work([busy, handler], { concurrency: 1 });
    const ids = await enqueue(bench, 5);
    for (const id of ids)
      await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    stop = true;
  });

  test("a batch that is not full lingers for more", async () => {
    const bench = await openBench();
    const { handler, seen } = recorded({ size: 3, concurrent: 1, linger: "5000ms" });
    await bench.work([handler]);
    const first = await bench.client.enqueue(job, { n: 0 });
    await bench.jobOnce(first.id, "is claimed", ({ state }) => state === "running");
    expect(seen).toEqual([]);
    const second = await bench.client.enqueue(job, { n: 1 });
    const third = await bench.client.enqueue(job, { n: 2 });
    for (const { id } of [first, second, third]) await bench.finished(id);
    expect(seen).toEqual([[0, 1, 2]]);
  });

  test("one that lingers goes with what it has when the time is over, and is given back by a stop", async () => {
    const bench = await openBench();
    const short = recorded({ size: 3, linger: "30ms" });
    const worker = await bench.work([short.handler]);
    const first = await bench.client.enqueue(job, { n: 0 });
    await bench.finished(first.id);
    expect(short.seen).toEqual([[0]]);
    await worker.stop();
    const long = recorded({ size: 3, linger: "60000ms" });
    const other = await bench.work([long.handler]);
    const second = await bench.client.enqueue(job, { n: 1 });
    await bench.jobOnce(second.id, "is claimed", ({ state }) => state === "running");
    await other.stop();
    expect(long.seen).toEqual([]);
    await expect(bench.job(second.id)).resolves.toMatchObject({ state: "available", attempt: 0 });
  });

  test("a job that is tried again runs alone", async () => {
    const bench = await openBench();
    const ids = await enqueue(bench, 4);
    const seen: (readonly [number, number])[][] = [];
    const handler = job.batchHandler(
      { size: 10, concurrent: 1 },
      (batch: JobBatch<{ n: number }>) => {
        seen.push(batch.items.map(({ payload, attempt }) => [payload.n, attempt] as const));
        if (seen.length === 1) throw new Error("the whole batch");
      },
    );
    await bench.work([handler]);
    for (const id of ids)
      await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    expect(seen[0]?.map(([n]) => n)).toEqual([0, 1, 2, 3]);
    expect(seen.slice(1).toSorted(([a], [b]) => (a?.[0] ?? 0) - (b?.[0] ?? 0))).toEqual([
      [[0, 2]],
      [[1, 2]],
      [[2, 2]],
      [[3, 2]],
    ]);
  });

  test("jobs of two queues never share a batch, and other handlers work beside it", async () => {
    const bench = await openBench();
    const seen: string[][] = [];
    const handler = job.batchHandler({ size: 10 }, (batch) => {
      seen.push(batch.items.map(({ queue }) => queue));
    });
    const here = await bench.client.enqueueMany(job, numbers(2));
    const there = await bench.client.enqueueMany(job, numbers(2), { queue: "other" });
    const beside = await bench.client.enqueue(plain, { n: 1 });
    await bench.work([handler, plain.handler(() => "done")], {
      queues: { default: {}, other: {} },
    });
    for (const { id } of [...here, ...there]) await bench.finished(id);
    await expect(bench.finished(beside.id)).resolves.toMatchObject({ result: "done" });
    expect(seen.toSorted(([a = ""], [b = ""]) => a.localeCompare(b))).toEqual([
      ["default", "default"],
      ["other", "other"],
    ]);
  });

  test("a batch handler is added to a running worker and taken away; what lingered is given back", async () => {
    const bench = await openBench();
    const worker = await bench.work([plain.handler(() => {})]);
    const searched = defineJob<{ n: number }>({ name: "searched", queue: "search" });
    const [began, goOn] = [createLatch(), createLatch()];
    const seen: number[][] = [];
    const handler = searched.batchHandler({ size: 2, linger: "60s" }, async (batch) => {
      seen.push(batch.items.map(({ payload }) => payload.n));
      began.open();
      await goOn.opened;
    });
    const ids = (await bench.client.enqueueMany(searched, numbers(3))).map(({ id }) => id);
    await worker.add(handler);
    await expect(worker.add(searched.handler(() => {}))).rejects.toEqual(
      coded("DUPLICATE_HANDLER"),
    );
    await began.opened;
    const last = ids[2] as string;
    await bench.jobOnce(last, "lingers", ({ state }) => state === "running");
    expect(await worker.remove(searched.name)).toBe(true);
    await expect(bench.job(last)).resolves.toMatchObject({ state: "available", attempt: 0 });
    goOn.open();
    for (const id of ids.slice(0, 2)) {
      await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    }
    expect(seen).toEqual([[0, 1]]);
    await worker.add(searched.handler(({ n }) => n * 10));
    await expect(bench.finished(last)).resolves.toMatchObject({ result: 20 });
  });

  test("from a paused queue no batch is claimed", async () => {
    const bench = await openBench();
    const { handler, seen } = recorded({});
    await bench.client.queues.pause("default");
    const ids = await enqueue(bench, 3);
    await bench.work([handler]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen).toEqual([]);
    await bench.client.queues.resume("default");
    for (const id of ids) await bench.finished(id);
    expect(seen).toEqual([[0, 1, 2]]);
  });
});
