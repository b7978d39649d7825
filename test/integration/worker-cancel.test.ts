import { type AbortReason, defineJob, type Ending, type JobContext } from "holdfast";
import { expect, test } from "vitest";
import { aborted } from "../support/aborted.ts";
import { createLatch } from "../support/latch.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

const job = defineJob({ name: "job", timeout: "10m" });
const request = { why: "changed my mind", by: "ada" };
const asRequested = {
  state: "cancelled",
  reason: { code: "JOB_CANCELLED", message: request.why, by: request.by },
};

/** Enqueues a job, waits until its handler has begun and asks it to stop. */
async function cancelRunning(bench: Bench, began: Promise<void>): Promise<string> {
  const { id } = await bench.client.enqueue(job, {});
  await began;
  await expect(bench.client.jobs.cancel(id, request)).resolves.toBe("cancelling");
  return id;
}

describeWorkers((openBench) => {
  test("a waiting job is cancelled at once and never runs", async () => {
    const bench = await openBench();
    let runs = 0;
    const { id } = await bench.client.enqueue(job, {});
    const later = await bench.client.enqueue(job, {}, { delay: "1h" });
    await expect(bench.client.jobs.cancel(id, request)).resolves.toBe("cancelled");
    await expect(bench.client.jobs.cancel(later.id, request)).resolves.toBe("cancelled");
    await bench.work([job.handler(() => void (runs += 1))]);
    const after = await bench.client.enqueue(job, {});
    await bench.finished(after.id);
    expect(runs).toBe(1);
    await expect(bench.finished(id)).resolves.toMatchObject(asRequested);
    await expect(bench.finished(later.id)).resolves.toMatchObject(asRequested);
  });

  test("a running job's signal aborts long before the next heartbeat, with who asked and why, and its throw ends it cancelled", async () => {
    const bench = await openBench();
    const began = createLatch();
    const reasons: AbortReason[] = [];
    const handler = job.handler(async (_, context) => {
      began.open();
      reasons.push(await aborted(context.signal));
      context.signal.throwIfAborted();
    });
    await bench.work([handler]);
    const started = performance.now();
    const id = await cancelRunning(bench, began.opened);
    await expect(bench.finished(id)).resolves.toMatchObject(asRequested);
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(reasons).toEqual([expect.objectContaining({ kind: "cancel", by: "ada" })]);
    expect(reasons[0]?.message).toBe("changed my mind");
    expect((await bench.job(id)).attempts).toMatchObject([{ how: "cancelled" }]);
  });

  test("while it is cancelling the request is shown", async () => {
    const bench = await openBench();
    const began = createLatch();
    const goOn = createLatch();
    const handler = job.handler(async () => {
      began.open();
      await goOn.opened;
    });
    await bench.work([handler], { grace: "10s" });
    const id = await cancelRunning(bench, began.opened);
    await expect(bench.job(id)).resolves.toMatchObject({
      state: "running",
      cancelRequested: { why: request.why, by: request.by },
    });
    goOn.open();
    await bench.finished(id);
    await expect(bench.job(id)).resolves.toMatchObject({ cancelRequested: null });
  });

  test("after a request a returned result still wins", async () => {
    const bench = await openBench();
    const began = createLatch();
    const handler = job.handler(async (_, context) => {
      began.open();
      await aborted(context.signal);
      return "finished all the same";
    });
    await bench.work([handler], { grace: "10s" });
    const id = await cancelRunning(bench, began.opened);
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "completed",
      result: "finished all the same",
    });
  });

  const lives: readonly (readonly [string, (context: JobContext) => Ending])[] = [
    ["a snooze", (context) => context.snooze("1h")],
    ["a reschedule", (context) => context.rescheduleNow()],
    ["a throttle", (context) => context.throttle("1h")],
    ["a discard", (context) => context.discard("given up")],
    [
      "a failure",
      () => {
        throw new Error("failed by itself");
      },
    ],
  ];
  test.each(lives)("%s after a request ends the job cancelled", async (_, end) => {
    const bench = await openBench();
    const began = createLatch();
    const handler = job.handler(async (_payload, context) => {
      began.open();
      await aborted(context.signal);
      return end(context);
    });
    await bench.work([handler], { grace: "10s" });
    const id = await cancelRunning(bench, began.opened);
    await expect(bench.finished(id)).resolves.toMatchObject(asRequested);
  });

  test.each(lives)(
    "%s decided before the request was seen yields to it all the same",
    async (_, end) => {
      const settling = createLatch();
      const flagged = createLatch();
      // The flag is set between the decision and its write, and no wakeup tells of it.
      const bench = await openBench({
        wrap: (storage) =>
          overriddenStorage(storage, {
            async settleJobs(...given: Parameters<typeof storage.settleJobs>) {
              settling.open();
              await flagged.opened;
              return storage.settleJobs(...given);
            },
          }),
      });
      await bench.work([job.handler((_payload, context) => end(context))]);
      const { id } = await bench.client.enqueue(job, {});
      await settling.opened;
      await bench.storage.cancelJob(id, { ...request, at: 0 });
      flagged.open();
      await expect(bench.finished(id)).resolves.toMatchObject(asRequested);
      expect((await bench.job(id)).attempts).toHaveLength(1);
    },
  );

  test("a timeout after a request ends the job cancelled", async () => {
    const bench = await openBench();
    const began = createLatch();
    const quick = defineJob({ name: "quick", timeout: "300ms" });
    const handler = quick.handler(async () => {
      began.open();
      await new Promise(() => {});
    });
    // Nobody hears of the request before the timeout.
    await bench.work([handler], { heartbeat: "9s" });
    const { id } = await bench.client.enqueue(quick, {});
    await began.opened;
    await bench.storage.cancelJob(id, { ...request, at: 0 });
    await expect(bench.finished(id)).resolves.toMatchObject(asRequested);
  });

  test("a wakeup that is lost delays a cancel by one heartbeat at most", async () => {
    const bench = await openBench();
    const began = createLatch();
    const handler = job.handler(async (_, context) => {
      began.open();
      await aborted(context.signal);
      context.signal.throwIfAborted();
    });
    await bench.work([handler], { heartbeat: "100ms" });
    const { id } = await bench.client.enqueue(job, {});
    await began.opened;
    await bench.storage.cancelJob(id, { ...request, at: 0 });
    await expect(bench.finished(id)).resolves.toMatchObject(asRequested);
  });
});
