import { type Job, type JobDefinition, defineJob, type RetryOptions, type Storage } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { createLatch } from "../support/latch.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { claimAs, dieWithJobs, register } from "./dying-worker.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

const lease = "500ms";
const fixed = { backoff: "fixed", delay: "10ms", resetAfter: 1e9 } as const;

function defined(retry: RetryOptions = fixed): JobDefinition<unknown> {
  return defineJob({ name: "job", retry });
}

/** The job as soon as it has crashed so often. */
function crashed(bench: Bench, id: string, times: number): Promise<Job> {
  return bench.jobOnce(id, `has crashed ${times} times`, ({ crashes }) => crashes === times);
}

describeWorkers((openBench) => {
  test("a job that had started when its worker died is charged a crash and comes back through its backoff", async () => {
    const bench = await openBench();
    const job = defined();
    const { id } = await bench.client.enqueue(job, {});
    await dieWithJobs(bench);
    await bench.work([job.handler((_, { attempt }) => attempt)], { lease });
    await expect(bench.finished(id)).resolves.toMatchObject({ result: 2 });
    const { attempts } = await bench.job(id);
    expect(attempts).toMatchObject([
      { number: 1, how: "crashed", error: { code: "WORKER_CRASHED" } },
      { number: 2, how: "completed" },
    ]);
    expect(bench.log.said("job rescued")).toMatchObject([
      { level: "warn", fields: { job: id, name: "job", state: "retryable" } },
    ]);
  });

  test("one claimed but not started comes back at once with nothing spent", async () => {
    const bench = await openBench();
    const job = defined({ ...fixed, delay: "1ms" });
    const { id } = await bench.client.enqueue(job, {});
    await dieWithJobs(bench);
    const worker = await bench.work([], { lease, queues: { other: {} } });
    await crashed(bench, id, 1);
    await bench.jobOnce(id, "is available", ({ state }) => state === "available");
    await worker.stop();
    const [claimed] = await dieWithJobs(bench);
    expect(claimed).toMatchObject({ started: false, attempt: 2, crashes: 1 });
    await bench.work([], { lease, queues: { other: {} } });
    const back = await bench.jobOnce(id, "is back", ({ state }) => state === "available");
    expect(back).toMatchObject({ attempt: 1, crashes: 1, run: 2 });
    expect(back.attempts.map(({ how }) => how)).toEqual(["crashed"]);
  });

  test("a crash of the last attempt discards the job as ATTEMPTS_EXHAUSTED", async () => {
    const bench = await openBench();
    const job = defined("none");
    const { id } = await bench.client.enqueue(job, {});
    await dieWithJobs(bench);
    await bench.work([job.handler(() => {})], { lease });
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "ATTEMPTS_EXHAUSTED" },
    });
  });

  test.each([
    ["three crashes in a row by default", undefined, undefined, 3],
    ["as many as the rescuing worker says", undefined, 2, 2],
    ["as many as its definition says, over the worker's word", 1, 5, 1],
  ])("a job is discarded as CRASH_LOOP after %s", async (_, own, workers, limit) => {
    const bench = await openBench();
    const job = defined({ ...fixed, ...(own === undefined ? {} : { maxCrashes: own }) });
    const { id } = await bench.client.enqueue(job, {});
    const given = workers === undefined ? {} : { maxCrashes: workers };
    await bench.work([], { lease, queues: { other: {} }, ...given });
    for (let crash = 1; crash <= limit; crash += 1) {
      const worker = await register(bench);
      const [claimed] = await claimAs(bench, worker);
      if (claimed !== undefined) await bench.storage.startJobs([claimed.lease], Date.now());
      await bench.storage.unregisterWorker(worker);
      await crashed(bench, id, crash);
    }
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "CRASH_LOOP" },
    });
    expect((await bench.job(id)).attempts.map(({ how }) => how)).toEqual(
      Array.from({ length: limit }, () => "crashed"),
    );
  });

  test("after its first crash a job is started with nothing beside it", async () => {
    const bench = await openBench();
    const job = defineJob<{ suspect?: boolean }>({ name: "job", retry: { ...fixed, delay: 1 } });
    const { id } = await bench.client.enqueue(job, { suspect: true });
    await dieWithJobs(bench);
    let running = 0;
    const beside: number[] = [];
    const goOn = createLatch();
    const handler = job.handler(async ({ suspect }) => {
      running += 1;
      if (suspect === true) {
        beside.push(running - 1);
        // Had anything been claimed beside it, it would begin within a few polls.
        await bench.client.enqueueMany(job, [{}, {}]);
        for (let round = 0; round < 5; round += 1) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          beside.push(running - 1);
        }
      } else {
        await goOn.opened;
      }
      running -= 1;
    });
    await bench.client.enqueueMany(job, [{}, {}, {}]);
    await bench.work([handler], { lease });
    await eventually("the others run", () => running >= 3);
    await bench.jobOnce(id, "is claimed again", ({ state, run }) => state === "running" && run > 1);
    goOn.open();
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    expect(beside).toEqual([0, 0, 0, 0, 0, 0]);
    await eventually("the others are through", async () => {
      return (await bench.client.jobs.count({ state: "completed" })).completed === 6;
    });
  });

  test("a success between two crashes ends their row", async () => {
    const bench = await openBench();
    const job = defined({ ...fixed, maxCrashes: 2 });
    const { id } = await bench.client.enqueue(job, {});
    await dieWithJobs(bench);
    let runs = 0;
    const handler = job.handler((_, context) => {
      runs += 1;
      return runs === 1 ? context.rescheduleIn("1h") : undefined;
    });
    await bench.work([handler], { lease });
    const again = await bench.jobOnce(id, "is booked", ({ state }) => state === "scheduled");
    expect(again).toMatchObject({ crashes: 0, attempt: 0 });
  });

  test("a cancel asked for before the crash ends the job cancelled", async () => {
    const bench = await openBench();
    const job = defined();
    const { id } = await bench.client.enqueue(job, {});
    const worker = await register(bench);
    await claimAs(bench, worker);
    await bench.client.jobs.cancel(id, { why: "enough", by: "ada" });
    await bench.storage.unregisterWorker(worker);
    await bench.work([job.handler(() => {})], { lease });
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "cancelled",
      reason: { message: "enough", by: "ada" },
    });
  });

  test("a worker whose beat stands still for its lease is declared dead, one that beats never", async () => {
    const bench = await openBench();
    const job = defined();
    const leaseMs = 1_000;
    const silent = await register(bench, leaseMs);
    const { id } = await bench.client.enqueue(job, {});
    await claimAs(bench, silent);
    const beating = await register(bench, leaseMs);
    const alive = await bench.client.enqueue(job, {});
    await claimAs(bench, beating);
    const heart = await bench.storage.openHeart();
    const timer = setInterval(() => void heart.beat(beating), 50);
    try {
      const began = performance.now();
      await bench.work([job.handler(() => "rescued")], { lease: leaseMs });
      await expect(bench.finished(id)).resolves.toMatchObject({ result: "rescued" });
      expect(performance.now() - began).toBeGreaterThan(leaseMs);
      expect(bench.log.said("worker lost")).toMatchObject([{ fields: { worker: silent } }]);
      await expect(bench.job(alive.id)).resolves.toMatchObject({ state: "running", crashes: 0 });
    } finally {
      clearInterval(timer);
      await heart.close();
    }
  });

  test("whoever shares a queue with a worker that has died is told of its new part", async () => {
    const bench = await openBench();
    await register(bench);
    let told = 0;
    const onOrders = () => {
      told += 1;
    };
    const ear = await bench.storage.listen({ onWork() {}, onCancel() {}, onOrders });
    await bench.work([defined().handler(() => {})], { lease });
    await eventually("it is dead", () => bench.log.said("worker lost").length === 1);
    await eventually("the others were told", () => told > 0);
    await ear.stop();
  });

  test("one job that cannot be moved never stops the others from being rescued", async () => {
    let stubborn: string | undefined;
    const bench = await openBench({
      wrap: (storage) =>
        overriddenStorage(storage, {
          async settleJobs(...given: Parameters<Storage["settleJobs"]>) {
            if (given[0].some(({ lease: { id } }) => id === stubborn)) throw new Error("locked");
            return storage.settleJobs(...given);
          },
        }),
    });
    const job = defined();
    const receipts = await bench.client.enqueueMany(job, [{}, {}, {}]);
    stubborn = receipts[1]?.id;
    await dieWithJobs(bench);
    await bench.work([job.handler(() => {})], { lease });
    await bench.finished(receipts[0]?.id ?? "");
    await bench.finished(receipts[2]?.id ?? "");
    await expect(bench.job(stubborn ?? "")).resolves.toMatchObject({ state: "running" });
    stubborn = undefined;
    await expect(bench.finished(receipts[1]?.id ?? "")).resolves.toMatchObject({
      state: "completed",
    });
  });
});
