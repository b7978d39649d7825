import {
  CancelError,
  createWorker,
  DiscardError,
  defineJob,
  defineKeyedJob,
  defineResidentJob,
} from "holdfast";
import { expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { describeWorkers } from "./worker-bench.ts";

const fast = { backoff: "fixed", delay: 1, resetAfter: 1e9 } as const;

describeWorkers((openBench) => {
  test("a keyed job's enqueue gives the live holder, and a new generation once it has finished", async () => {
    const bench = await openBench();
    const sync = defineKeyedJob<{ account: string; n: number }>({
      name: "sync",
      key: ({ account }) => account,
      inheritState: true,
    });
    const first = await bench.client.enqueue(sync, { account: "a", n: 1 });
    const held = await bench.client.enqueue(sync, { account: "a", n: 2 });
    expect(held).toEqual({ id: first.id, outcome: "existing" });
    const seen: unknown[] = [];
    const handler = sync.handler(async ({ n }, job) => {
      seen.push([n, job.state.get()]);
      await job.state.set(`after ${n}`);
    });
    await bench.work([handler]);
    await bench.finished(first.id);
    const next = await bench.client.enqueue(sync, { account: "a", n: 3 });
    expect(next.outcome).toBe("enqueued");
    await bench.finished(next.id);
    expect(seen).toEqual([
      [1, undefined],
      [3, "after 1"],
    ]);
    const other = { unique: { key: "b" } };
    await expect(bench.client.enqueue("sync", { account: "a", n: 4 })).rejects.toEqual(
      coded("INVALID_OPTION", "pass its definition"),
    );
    await expect(bench.client.enqueue(sync, { account: "a", n: 4 }, other)).rejects.toEqual(
      coded("INVALID_OPTION"),
    );
  });

  test("a resident job goes on whatever its handler does, and its name is free once it is cancelled", async () => {
    const bench = await openBench();
    const sweeper = defineResidentJob<null>({ name: "sweeper", retry: fast });
    const endings = [
      () => Promise.resolve("done"),
      () => Promise.resolve(undefined),
      () => Promise.reject(new DiscardError("no")),
      () => Promise.reject(new CancelError("no")),
      () => Promise.reject(new Error("no")),
    ];
    let runs = 0;
    const handler = sweeper.handler(async (_payload, job) => {
      const ending = endings[runs];
      runs += 1;
      if (ending !== undefined) return (await ending()) as never;
      return job.rescheduleIn("1h");
    });
    const { id } = await bench.client.enqueue(sweeper, null);
    expect(await bench.client.enqueue(sweeper, null)).toEqual({ id, outcome: "existing" });
    await bench.work([handler]);
    const job = await bench.jobOnce(id, "is booked", ({ state }) => state === "scheduled");
    expect(runs).toBe(endings.length + 1);
    expect(job.attempts.slice(0, -1).map(({ how }) => how)).toEqual(endings.map(() => "failed"));
    await bench.client.jobs.cancel(id);
    const next = await bench.client.enqueue(sweeper, null);
    expect(next.outcome).toBe("enqueued");
    expect(next.id).not.toBe(id);
  });

  test("a resident job with an invalid payload ends, and its name is free", async () => {
    const bench = await openBench();
    await bench.client.enqueue("sweeper", { every: 1 }, { unique: { key: "resident" } });
    const sweeper = defineResidentJob({
      name: "sweeper",
      payload: z.object({ every: z.string() }),
    });
    await bench.work([sweeper.handler(async (_payload, job) => job.rescheduleIn("1h"))]);
    const { jobs } = await bench.client.jobs.list({ name: "sweeper" });
    await expect(bench.finished(jobs[0]?.id ?? "")).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "PAYLOAD_INVALID" },
    });
    const next = await bench.client.enqueue(sweeper, { every: "1h" });
    expect(next.outcome).toBe("enqueued");
  });

  test("a handler is added to a running worker with its queue, and taken away while its job runs on", async () => {
    const bench = await openBench();
    const worker = await bench.work([]);
    const inbox = defineJob<number>({ name: "inbox:acme", queue: "acme" });
    const [began, goOn] = [createLatch(), createLatch()];
    const handler = inbox.handler(async (n) => {
      began.open();
      await goOn.opened;
      return n;
    });
    const first = await bench.client.enqueue(inbox, 1);
    expect((await bench.client.jobs.explain(first.id)).reasons).toMatchObject([
      { kind: "queue-unserved", queue: "acme" },
    ]);
    await worker.add(handler);
    await expect(worker.add(handler)).rejects.toEqual(coded("DUPLICATE_HANDLER"));
    await began.opened;
    expect(await worker.remove(inbox.name)).toBe(true);
    expect(await worker.remove(inbox.name)).toBe(false);
    const second = await bench.client.enqueue(inbox.name, 2, { queue: "acme" });
    goOn.open();
    await expect(bench.finished(first.id)).resolves.toMatchObject({ result: 1 });
    await eventually("nobody serves its queue", async () =>
      (await bench.client.jobs.explain(second.id)).reasons.some(
        ({ kind }) => kind === "queue-unserved",
      ),
    );
    expect(await bench.job(second.id)).toMatchObject({ state: "available", run: 0 });
    const anew = defineJob<number>({ name: "inbox:acme", queue: "acme" });
    await worker.add(anew.handler((n) => n * 10));
    await expect(bench.finished(second.id)).resolves.toMatchObject({ result: 20 });
  });

  test("handlers added while a worker starts are served, and its registration says so", async () => {
    const bench = await openBench();
    const worker = createWorker(bench.client, { handlers: [], poll: "20ms" });
    const jobs = ["one", "two", "three"].map((name) => defineJob({ name, queue: name }));
    const starting = worker.start();
    const adding: Promise<void>[] = [];
    for (const job of jobs) {
      adding.push(worker.add(job.handler(() => job.name)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([starting, ...adding]);
    const ids = await Promise.all(jobs.map((job) => bench.client.enqueue(job, {})));
    for (const [index, { id }] of ids.entries()) {
      await expect(bench.finished(id)).resolves.toMatchObject({ result: jobs[index]?.name });
    }
    await eventually("its registration names all", async () => {
      const [record] = await bench.client.workers.list();
      return record?.handlers.length === 3 && record.queues.length === 3;
    });
    await worker.stop();
  });

  test("a payload newer than the code says why it waits, and so do the others", async () => {
    const bench = await openBench();
    const { client } = bench;
    const newer = defineJob({ name: "greet", version: { number: 2 } });
    const { id } = await client.enqueue(newer, {});
    const second = await openBench({ on: bench });
    await second.work([defineJob({ name: "greet" }).handler(() => {})]);
    const reasonsOf = async (job: string) => (await client.jobs.explain(job)).reasons;
    expect(await reasonsOf(id)).toMatchObject([
      { kind: "payload-too-new", version: 2, understood: 1 },
    ]);
    const unknown = await client.enqueue("unheard-of", {});
    expect(await reasonsOf(unknown.id)).toMatchObject([{ kind: "no-handler", name: "unheard-of" }]);
    const late = await client.enqueue(newer, {}, { delay: "1h" });
    expect((await reasonsOf(late.id))[0]?.kind).toBe("scheduled");
    await client.queues.pause("default");
    expect((await reasonsOf(id)).map(({ kind }) => kind)).toEqual([
      "queue-paused",
      "payload-too-new",
    ]);
    await client.jobs.cancel(id);
    expect(await reasonsOf(id)).toMatchObject([{ kind: "finished", state: "cancelled" }]);
    await expect(client.jobs.explain("987654321")).rejects.toEqual(coded("JOB_NOT_FOUND"));
  });
});
