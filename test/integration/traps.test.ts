import { defineJob, type Ending } from "holdfast";
import { createManualClock } from "holdfast/testing";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { claim, hire } from "../conformance/jobs.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

// An attempt that takes longer than its backoff may begin the count again, and here a slow machine would do that.
const fixed = { backoff: "fixed", delay: 1, resetAfter: 1e9 } as const;

/** A worker of another process takes what there is of a name, and is never heard of again. */
async function takeAndDie({ storage }: Bench, name: string): Promise<void> {
  const owner = await hire(storage, { handlers: [name], leaseMs: 500 });
  const taken = await claim(storage, owner, { handlers: { [name]: 1 }, now: Date.now() });
  expect(taken).toHaveLength(1);
}

describeWorkers((openBench) => {
  test("trap 1: a handler that throws settles its job, and its worker takes the next", async () => {
    const bench = await openBench();
    const boom = defineJob<"at once" | "later">({ name: "boom", retry: "none" });
    const fine = defineJob({ name: "fine" });
    const handler = boom.handler((how) => {
      if (how === "later") return Promise.reject(new Error(how));
      throw new Error(how);
    });
    const receipts = await bench.client.enqueueMany(boom, ["at once", "later"]);
    const last = await bench.client.enqueue(fine, {});
    await bench.work([handler, fine.handler(() => "fine")], { concurrency: 1 });
    await expect(bench.finished(last.id)).resolves.toMatchObject({ result: "fine" });
    for (const { id } of receipts) {
      await expect(bench.finished(id)).resolves.toMatchObject({
        state: "discarded",
        reason: { code: "ATTEMPTS_EXHAUSTED" },
      });
    }
  });

  test("trap 3: a job whose process died is back after a lease and its backoff", async () => {
    const bench = await openBench();
    const job = defineJob({ name: "job", retry: fixed });
    const { id } = await bench.client.enqueue(job, {});
    await takeAndDie(bench, job.name);
    await bench.work([job.handler((_, { attempt }) => attempt)], { lease: "500ms" });
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed", result: 2 });
    expect((await bench.job(id)).attempts.map(({ how }) => how)).toEqual(["crashed", "completed"]);
  });

  test("trap 4: a cancel after the success leaves it, and one before the start is not lost", async () => {
    const bench = await openBench();
    const ran: string[] = [];
    const job = defineJob<string>({ name: "job" });
    const early = await bench.client.enqueue(job, "early", { delay: "1h" });
    expect(await bench.client.jobs.cancel(early.id)).toBe("cancelled");
    await bench.work([job.handler((name) => void ran.push(name))]);
    const late = await bench.client.enqueue(job, "late");
    await bench.finished(late.id);
    expect(await bench.client.jobs.cancel(late.id)).toBe("finished");
    await expect(bench.job(late.id)).resolves.toMatchObject({ state: "completed", reason: null });
    await expect(bench.client.jobs.runNow(early.id)).rejects.toEqual(coded("JOB_NOT_WAITING"));
    await expect(bench.job(early.id)).resolves.toMatchObject({ state: "cancelled", run: 0 });
    expect(ran).toEqual(["late"]);
  });

  test("trap 5: many who meet one limit take one step of the curve, and an early success does not take it back", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const api = defineJob<number, string>({ name: "api", queue: "api" });
    let limited = true;
    const handler = api.handler((_, job): Ending | string => (limited ? job.throttle() : "sent"));
    const putOff = (id: string) =>
      bench.jobOnce(id, "is put off", ({ state }) => state === "scheduled");
    const receipts = await bench.client.enqueueMany(api, [1, 2, 3]);
    await bench.work([handler], { queues: { api: { concurrency: 3 } } });
    for (const { id } of receipts) await putOff(id);
    const [first, second] = [60_000, 120_000];
    const start = clock.now();
    const cooling = () => bench.storage.getCooling("api");
    expect(await cooling()).toEqual({ level: 1, closedUntil: start + first });
    limited = false;
    await clock.advance("60s");
    for (const { id } of receipts) await bench.finished(id);
    limited = true;
    await putOff((await bench.client.enqueue(api, 4)).id);
    expect(await cooling()).toEqual({ level: 2, closedUntil: start + first + second });
  });

  test("trap 10: a pause lets a running job finish and spends nothing; a stop past its deadline gives it back", async () => {
    const bench = await openBench();
    const began = createLatch();
    const goOn = createLatch();
    const job = defineJob<"obeys" | "deaf">({ name: "job", retry: "none" });
    const handler = job.handler(async (kind, { signal }) => {
      began.open();
      await goOn.opened;
      return kind === "deaf" ? new Promise(() => {}) : signal.aborted;
    });
    const worker = await bench.work([handler], { drain: "50ms", grace: "50ms" });
    const running = await bench.client.enqueue(job, "obeys");
    await began.opened;
    await bench.client.queues.pause("default");
    goOn.open();
    await expect(bench.finished(running.id)).resolves.toMatchObject({ result: false });
    const { id } = await bench.client.enqueue(job, "deaf");
    await bench.client.queues.resume("default");
    await bench.jobOnce(id, "runs", ({ state }) => state === "running");
    await worker.stop();
    await expect(bench.job(id)).resolves.toMatchObject({ state: "available", attempt: 0 });
  });

  test('trap 11: retry "none" runs once, and a dead job retried by hand has its whole budget again', async () => {
    const bench = await openBench();
    const once = defineJob({ name: "once", retry: "none" });
    const twice = defineJob({ name: "twice", retry: { ...fixed, attempts: 2 } });
    const fails = () => Promise.reject(new Error("no"));
    await bench.work([once.handler(fails), twice.handler(fails)]);
    const single = await bench.client.enqueue(once, {});
    const { id } = await bench.client.enqueue(twice, {});
    for (const ended of [single.id, id]) await bench.finished(ended);
    expect((await bench.job(single.id)).attempts).toHaveLength(1);
    expect((await bench.job(id)).attempts.map(({ number }) => number)).toEqual([1, 2]);
    await bench.client.jobs.retry(id);
    const dead = await bench.jobOnce(
      id,
      "is dead again",
      ({ state, attempts }) => state === "discarded" && attempts.length === 4,
    );
    expect(dead.attempts.map(({ number }) => number)).toEqual([1, 2, 1, 2]);
  });

  test("trap 14: a search finds what lies beyond the first page, and what is not there is told", async () => {
    const { client } = await openBench();
    const { id } = await client.enqueue("oldest", {}, { tags: ["wanted"] });
    const noise = defineJob<number>({ name: "noise" });
    await client.enqueueMany(
      noise,
      Array.from({ length: 250 }, (_, index) => index),
    );
    const found = await client.jobs.list({ tag: "wanted", limit: 1 });
    expect(found).toMatchObject({ jobs: [{ id, name: "oldest" }], next: null });
    await client.jobs.delete(id);
    for (const verb of [client.jobs.cancel, client.jobs.retry, client.jobs.explain]) {
      await expect(verb(id)).rejects.toEqual(coded("JOB_NOT_FOUND"));
    }
  });

  test("incident 5: a worker that drains for longer than its lease goes on beating, and nobody takes its job", async () => {
    const bench = await openBench();
    const began = createLatch();
    const goOn = createLatch();
    const job = defineJob({ name: "job" });
    const handler = job.handler(async () => {
      began.open();
      await goOn.opened;
      return "in peace";
    });
    const quick = { lease: "600ms", heartbeat: "50ms" } as const;
    const worker = await bench.work([handler], { ...quick, drain: "30s" });
    const watcher = await openBench({ on: bench });
    await watcher.work([], { ...quick, queues: { other: {} } });
    const { id } = await bench.client.enqueue(job, {});
    await began.opened;
    const self = worker.id;
    const stopped = worker.stop();
    const beats = new Set<string>();
    await eventually("it has beaten for longer than its lease", async () => {
      const workers = await watcher.client.workers.list();
      for (const { beat } of workers.filter((record) => record.id === self)) beats.add(beat);
      return beats.size > 15;
    });
    goOn.open();
    await stopped;
    await expect(bench.job(id)).resolves.toMatchObject({ state: "completed", result: "in peace" });
    expect((await bench.job(id)).attempts).toHaveLength(1);
    expect(watcher.log.said("worker lost")).toEqual([]);
  });

  test("incident 14: whoever rescues a job without its handler goes by the job's own policy, and leaves it to those who have it", async () => {
    const bench = await openBench();
    const foreign = defineJob({ name: "foreign", retry: { ...fixed, attempts: 2 } });
    const { id } = await bench.client.enqueue(foreign, {});
    await takeAndDie(bench, foreign.name);
    await bench.work([], { lease: "500ms", queues: { default: {} } });
    const back = await bench.jobOnce(id, "is back", ({ state, crashes }) => {
      return crashes === 1 && state === "available";
    });
    expect(back.attempts).toMatchObject([{ how: "crashed", error: { code: "WORKER_CRASHED" } }]);
    const knowing = await openBench({ on: bench });
    await knowing.work([foreign.handler(() => "done")]);
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed", result: "done" });
  });
});
