import { type AbortReason, createWorker, defineJob } from "holdfast";
import { expect, test } from "vitest";
import { aborted } from "../support/aborted.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { describeWorkers } from "./worker-bench.ts";

const job = defineJob({ name: "job", retry: "none" });

describeWorkers((openBench, databases) => {
  test("stop claims nothing more, waits for running jobs and signs the worker off", async () => {
    const bench = await openBench();
    const began = createLatch();
    const goOn = createLatch();
    const handler = job.handler(async (_, { signal }) => {
      began.open();
      await goOn.opened;
      return signal.aborted;
    });
    const worker = await bench.work([handler], { drain: "10s" });
    const { id } = await bench.client.enqueue(job, {});
    await began.opened;
    const stopped = worker.stop();
    const late = await bench.client.enqueue(job, {});
    goOn.open();
    await stopped;
    await expect(bench.job(id)).resolves.toMatchObject({ state: "completed", result: false });
    // The claim under way may have met it, and given it back.
    await expect(bench.job(late.id)).resolves.toMatchObject({ state: "available", attempts: [] });
    await expect(bench.client.workers.list()).resolves.toEqual([]);
    expect(worker.id).toBeUndefined();
  });

  test("past the drain signals abort, and what does not end in the grace is released: no attempt spent, available at once", async () => {
    const bench = await openBench();
    const reasons: AbortReason[] = [];
    const both = [createLatch(), createLatch()];
    let begun = 0;
    const handler = job.handler(async (_, context) => {
      both[begun++]?.open();
      reasons.push(await aborted(context.signal));
      // One obeys, the other one is deaf.
      if (reasons.length === 1) context.signal.throwIfAborted();
      await new Promise(() => {});
    });
    const worker = await bench.work([handler], { drain: "50ms", grace: "50ms" });
    const receipts = await bench.client.enqueueMany(job, [{}, {}]);
    for (const { opened } of both) await opened;
    await worker.stop();
    expect(reasons).toMatchObject([{ kind: "shutdown" }, { kind: "shutdown" }]);
    expect(reasons[0]).toEqual(coded("SHUTDOWN"));
    for (const { id } of receipts) {
      await expect(bench.job(id)).resolves.toMatchObject({
        state: "available",
        attempt: 0,
        crashes: 0,
        worker: null,
        attempts: [{ how: "released", number: 1 }],
      });
    }
  });

  test("a result returned after the signal has aborted for the shutdown is kept", async () => {
    const bench = await openBench();
    const began = createLatch();
    const handler = job.handler(async (_, context) => {
      began.open();
      await aborted(context.signal);
      return "saved";
    });
    const worker = await bench.work([handler], { drain: 0, grace: "10s" });
    const { id } = await bench.client.enqueue(job, {});
    await began.opened;
    await worker.stop();
    await expect(bench.job(id)).resolves.toMatchObject({ state: "completed", result: "saved" });
  });

  test("two stops at once share one, and a stop of a stopped or unstarted worker is fine", async () => {
    const bench = await openBench();
    const worker = await bench.work([job.handler(() => {})]);
    await Promise.all([worker.stop(), worker.stop()]);
    await worker.stop();
    expect(bench.log.said("worker stopped")).toHaveLength(1);
    await createWorker(bench.client, { handlers: [] }).stop();
  });

  test("a stop during the start waits for it, and leaves nothing behind", async () => {
    const bench = await openBench();
    const worker = createWorker(bench.client, { handlers: [job.handler(() => {})] });
    const started = worker.start();
    await worker.stop();
    await started;
    await expect(bench.client.workers.list()).resolves.toEqual([]);
    await worker.stop();
  });

  test("jobs claimed while the worker stops are given back, nothing spent", async () => {
    const claiming = createLatch();
    const goOn = createLatch();
    let held = true;
    const bench = await openBench({
      wrap: (storage) =>
        overriddenStorage(storage, {
          async claimJobs(...given: Parameters<typeof storage.claimJobs>) {
            const answer = await storage.claimJobs(...given);
            if (held && answer.jobs.length > 0) {
              claiming.open();
              await goOn.opened;
            }
            return answer;
          },
        }),
    });
    let runs = 0;
    const worker = await bench.work([job.handler(() => void (runs += 1))]);
    const { id } = await bench.client.enqueue(job, {});
    await claiming.opened;
    const stopped = worker.stop();
    goOn.open();
    await stopped;
    held = false;
    expect(runs).toBe(0);
    await expect(bench.job(id)).resolves.toMatchObject({
      state: "available",
      attempt: 0,
      run: 1,
      attempts: [],
    });
  });

  test("a worker started again while an old handler still runs: the new session completes the job, once, and the old outcome is fenced", async () => {
    const bench = await openBench();
    const old = createLatch();
    const heard: unknown[] = [];
    const goOn = createLatch();
    const over = createLatch();
    let runs = 0;
    const handler = job.handler(async (_, context) => {
      runs += 1;
      if (runs === 2) return "by the new session";
      old.open();
      await goOn.opened;
      const hear = (error: unknown): number => heard.push(error);
      await context.state.set("late").catch(hear);
      await context.transaction(async () => "late").catch(hear);
      over.open();
      return "by the old session";
    });
    const worker = await bench.work([handler], { drain: 0, grace: "20ms" });
    const { id } = await bench.client.enqueue(job, {});
    await old.opened;
    const before = worker.id;
    await worker.stop();
    await worker.start();
    expect(worker.id).not.toBe(before);
    await expect(bench.finished(id)).resolves.toMatchObject({ result: "by the new session" });
    goOn.open();
    await over.opened;
    expect(heard).toEqual([coded("LEASE_LOST"), coded("LEASE_LOST")]);
    const ended = await bench.job(id);
    expect(ended).toMatchObject({ result: "by the new session", checkpoint: undefined, run: 2 });
    expect(ended.attempts.map(({ how, worker: by }) => [how, by])).toEqual([
      ["released", before],
      ["completed", worker.id],
    ]);
  });

  test("a client closed under its worker is no more than that: the handler ends, and so does stop", async () => {
    const log = recordingLogger();
    const client = await databases.client({ logger: log });
    const began = createLatch();
    const goOn = createLatch();
    const handler = job.handler(async () => {
      began.open();
      await goOn.opened;
    });
    const worker = createWorker(client, { handlers: [handler], drain: "10s" });
    await worker.start();
    await client.enqueue(job, {});
    await began.opened;
    await client.close();
    goOn.open();
    await worker.stop();
    expect(log.lines.map(({ message }) => message)).toContain("worker stopped");
  });

  test("await using stops the worker at the end of its block", async () => {
    const bench = await openBench();
    {
      await using worker = createWorker(bench.client, { handlers: [job.handler(() => {})] });
      await worker.start();
      await expect(bench.client.workers.list()).resolves.toHaveLength(1);
    }
    await expect(bench.client.workers.list()).resolves.toEqual([]);
  });
});
