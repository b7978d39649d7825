import { type AbortReason, defineJob, type Storage, type Worker } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { aborted } from "../support/aborted.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

const job = defineJob({ name: "job", retry: { backoff: "fixed", delay: "10ms" } });

/** Declares a worker dead, as another that thinks so would; gives the id it had. */
async function declareDead({ client, storage }: Bench, worker: Worker): Promise<string> {
  return eventually("it is declared dead", async () => {
    const [record] = (await client.workers.list()).filter(({ id }) => id === worker.id);
    return (
      record !== undefined && (await storage.markWorkerDead(record.id, record.beat)) && record.id
    );
  });
}

describeWorkers((openBench, databases) => {
  test("a worker declared dead tells its handlers LEASE_LOST, registers under a new id and goes on", async () => {
    let rescues = false;
    const bench = await openBench({
      threads: true,
      wrap: (storage) =>
        overriddenStorage(storage, {
          listOrphans: async (limit: number) => (rescues ? storage.listOrphans(limit) : []),
        }),
    });
    const began = createLatch();
    const reasons: AbortReason[] = [];
    const handler = job.handler(async (_, context) => {
      if (context.run > 1) return "by the new registration";
      began.open();
      await aborted(context.signal);
      reasons.push(context.signal.reason as AbortReason);
      return "by the old registration";
    });
    const worker = await bench.work([handler], { lease: "1s", heartbeat: "100ms" });
    const { id } = await bench.client.enqueue(job, {});
    await began.opened;
    const dead = await declareDead(bench, worker);
    // Nobody has taken the job yet: its outcome is dropped all the same.
    const dropped = "lease lost; this attempt's outcome changed nothing";
    await eventually("its outcome is dropped", () => bench.log.said(dropped).length === 1);
    await expect(bench.job(id)).resolves.toMatchObject({ state: "running", worker: dead });
    rescues = true;
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "by the new registration" });
    expect(reasons).toMatchObject([{ kind: "lease-lost" }]);
    expect(reasons[0]).toEqual(coded("LEASE_LOST"));
    expect(worker.id).not.toBe(dead);
    expect((await bench.client.workers.list()).map((record) => record.id)).toEqual([worker.id]);
    expect((await bench.job(id)).attempts).toMatchObject([
      { how: "crashed", worker: dead },
      { how: "completed", worker: worker.id },
    ]);
    expect(bench.log.said("registration lost; registering again")).toMatchObject([
      { level: "error", fields: { worker: dead, code: "LEASE_LOST" } },
    ]);
    const next = await bench.client.enqueue(job, {});
    await bench.jobOnce(next.id, "runs", ({ state }) => state === "running");
  });

  if (databases.kind !== "SQLite in memory") {
    test.each([
      ["a heartbeat thread that dies is replaced long before the lease is over", 1, 2],
      ["heartbeats come from the main thread when every thread dies before its first", 99, 3],
    ])("%s", async (_, dying, threads) => {
      const started = new Int32Array(new SharedArrayBuffer(4));
      const bench = await openBench({
        threads: true,
        wrap: (storage) => {
          const url = new URL("dying-heart.mjs", import.meta.url).href;
          const data = { inner: storage.heartModule, threads: started.buffer, dying };
          return overriddenStorage(storage, { heartModule: { url, data } });
        },
      });
      const worker = await bench.work([], { lease: "5s" });
      const beatNow = async () => (await bench.client.workers.list())[0]?.beat;
      await eventually("threads have died", () => Atomics.load(started, 0) === threads);
      for (const beat of [await beatNow(), await beatNow()]) {
        await eventually("it beats", async () => (await beatNow()) !== beat);
      }
      expect(bench.log.said("the heartbeat thread died")).toHaveLength(Math.min(dying, threads));
      expect((await bench.client.workers.list()).map(({ id }) => id)).toEqual([worker.id]);
      const here = bench.log.lines.filter(({ message }) => /on the main thread/.test(message));
      expect(here).toHaveLength(dying > threads ? 1 : 0);
    });
  }

  test("stop works while the worker is registering again", async () => {
    let down = false;
    let refused = 0;
    const bench = await openBench({
      threads: true,
      wrap: (storage) =>
        overriddenStorage(storage, {
          async registerWorker(...given: Parameters<Storage["registerWorker"]>) {
            if (!down) return storage.registerWorker(...given);
            refused += 1;
            throw new Error("cannot register");
          },
        }),
    });
    const worker = await bench.work([job.handler(() => {})], { lease: "1s", heartbeat: "100ms" });
    down = true;
    await declareDead(bench, worker);
    await eventually("it has tried to register", () => refused >= 2);
    expect(worker.id).toBeUndefined();
    await worker.stop();
    down = false;
    await worker.start();
    const { id } = await bench.client.enqueue(job, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
  });

  test("a job taken away alone aborts its own handler with LEASE_LOST and no other", async () => {
    const bench = await openBench({ threads: true });
    const both = [createLatch(), createLatch()];
    const goOn = createLatch();
    const lost = createLatch<AbortReason>();
    let begun = 0;
    const handler = job.handler(async (_, { signal, run, id }) => {
      if (run > 1) return "elsewhere";
      both[begun++]?.open();
      signal.addEventListener("abort", () => lost.open(signal.reason as AbortReason));
      await Promise.race([goOn.opened, lost.opened]);
      return signal.aborted ? "dropped" : id;
    });
    const worker = await bench.work([handler], { lease: "1s", heartbeat: "100ms" });
    const [taken, kept] = await bench.client.enqueueMany(job, [{}, {}]);
    for (const { opened } of both) await opened;
    const lease = { id: taken?.id ?? "", owner: worker.id ?? "", run: 1 };
    const settlement = {
      lease,
      to: "available",
      runAt: Date.now(),
      attempt: 0,
      crashes: 0,
      backoffMs: 0,
      attempts: [],
      reason: null,
      unlessCancelRequested: true,
    } as const;
    await bench.client.queues.pause("default");
    await bench.storage.settleJobs([settlement], Date.now());
    await expect(lost.opened).resolves.toEqual(coded("LEASE_LOST"));
    goOn.open();
    await bench.client.queues.resume("default");
    await expect(bench.finished(taken?.id ?? "")).resolves.toMatchObject({ result: "elsewhere" });
    await expect(bench.finished(kept?.id ?? "")).resolves.toMatchObject({ state: "completed" });
  });

  test("a handler that goes on after its transaction committed is not told that its lease is lost", async () => {
    const bench = await openBench({ threads: true });
    const committed = createLatch();
    const goOn = createLatch();
    const over = createLatch<boolean>();
    let looks = 0;
    const watched = await openBench({
      threads: true,
      on: bench,
      wrap: (storage) =>
        overriddenStorage(storage, {
          async checkLeases(leases: Parameters<Storage["checkLeases"]>[0]) {
            looks += leases.length;
            return storage.checkLeases(leases);
          },
        }),
    });
    const handler = job.handler(async (_, { transaction, signal }) => {
      await transaction(async () => "done");
      committed.open();
      await goOn.opened;
      over.open(signal.aborted);
    });
    await watched.work([handler], { lease: "1s", heartbeat: "50ms" });
    const { id } = await watched.client.enqueue(job, {});
    await committed.opened;
    const before = looks;
    await eventually("the leases were checked since", () => looks >= before + 3);
    goOn.open();
    await expect(over.opened).resolves.toBe(false);
    await expect(watched.finished(id)).resolves.toMatchObject({ result: "done" });
  });
});
