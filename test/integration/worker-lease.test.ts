import { type AbortReason, defineJob, type Worker } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
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

describeWorkers((openBench) => {
  test("a worker declared dead tells its handlers LEASE_LOST, registers under a new id and goes on", async () => {
    const bench = await openBench();
    const began = createLatch();
    const over = createLatch();
    const reasons: AbortReason[] = [];
    const handler = job.handler(async (_, context) => {
      if (context.run > 1) return "by the new registration";
      began.open();
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      reasons.push(context.signal.reason as AbortReason);
      // Its lease may be its own until somebody has taken it: its outcome is dropped all the same.
      over.open();
      return "by the old registration";
    });
    const worker = await bench.work([handler], { lease: "1s", heartbeat: "100ms" });
    const { id } = await bench.client.enqueue(job, {});
    await began.opened;
    const dead = await declareDead(bench, worker);
    await over.opened;
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

  test("stop works while the worker is registering again", async () => {
    let down = false;
    let refused = 0;
    const bench = await openBench({
      wrap: (storage) => {
        const wrapped: typeof storage = Object.create(storage) as typeof storage;
        wrapped.registerWorker = async (given) => {
          if (down) {
            refused += 1;
            throw new Error("cannot register");
          }
          return storage.registerWorker(given);
        };
        return wrapped;
      },
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
    const bench = await openBench();
    const both = [createLatch(), createLatch()];
    const goOn = createLatch();
    const aborted = createLatch<AbortReason>();
    let begun = 0;
    const handler = job.handler(async (_, { signal, run, id }) => {
      if (run > 1) return "elsewhere";
      both[begun++]?.open();
      signal.addEventListener("abort", () => aborted.open(signal.reason as AbortReason));
      await Promise.race([goOn.opened, aborted.opened]);
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
    await expect(aborted.opened).resolves.toEqual(coded("LEASE_LOST"));
    goOn.open();
    await bench.client.queues.resume("default");
    await expect(bench.finished(taken?.id ?? "")).resolves.toMatchObject({ result: "elsewhere" });
    await expect(bench.finished(kept?.id ?? "")).resolves.toMatchObject({ state: "completed" });
  });

  test("a handler that goes on after its transaction committed is not told that its lease is lost", async () => {
    const bench = await openBench();
    const committed = createLatch();
    const goOn = createLatch();
    const over = createLatch<boolean>();
    let looks = 0;
    const watched = await openBench({
      on: bench,
      wrap: (storage) => {
        const wrapped: typeof storage = Object.create(storage) as typeof storage;
        wrapped.checkLeases = async (leases) => {
          looks += leases.length;
          return storage.checkLeases(leases);
        };
        return wrapped;
      },
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
