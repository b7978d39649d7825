import { type AbortReason, defineJob } from "holdfast";
import { createManualClock, drain, expireLease } from "holdfast/testing";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { aborted } from "../support/aborted.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { describeWorkers } from "./worker-bench.ts";

const start = Date.UTC(2026, 0, 1);
const job = defineJob<{ nth: number }, string>({
  name: "job",
  retry: { attempts: 4, backoff: "fixed", delay: "1h", maxCrashes: 2 },
});

describeWorkers((openBench) => {
  test("expireLease takes one job away: its handler hears LEASE_LOST, its writes change nothing, the others go on", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const reasons: AbortReason[] = [];
    const began = [createLatch(), createLatch()];
    const goOn = createLatch();
    const refused = createLatch<unknown>();
    const handler = job.handler(async ({ nth }, { signal, progress, run }) => {
      if (run > 1) return "by the second run";
      began[nth]?.open();
      if (nth === 1) {
        await goOn.opened;
        return signal.aborted ? "aborted" : "undisturbed";
      }
      await aborted(signal);
      reasons.push(signal.reason as AbortReason);
      refused.open(await progress("late").catch((error: unknown) => error));
      return "too late";
    });
    // Heartbeats this rare tell it nothing: it hears of the loss at once, or never in this test.
    const worker = await bench.work([handler], { lease: "5m", heartbeat: "1m" });
    const [lost, kept] = await bench.client.enqueueMany(job, [{ nth: 0 }, { nth: 1 }]);
    for (const { opened } of began) await opened;
    await expireLease(bench.client, lost?.id ?? "");
    const rescued = await bench.job(lost?.id ?? "");
    expect(rescued).toMatchObject({ state: "retryable", crashes: 1, runAt: start + 3_600_000 });
    expect(rescued.attempts).toMatchObject([
      { how: "crashed", worker: worker.id, error: { code: "WORKER_CRASHED" } },
    ]);
    expect(await refused.opened).toEqual(coded("LEASE_LOST"));
    expect(reasons).toMatchObject([{ kind: "lease-lost" }]);
    const dropped = "lease lost; this attempt's outcome changed nothing";
    await eventually("its outcome is dropped", () => bench.log.said(dropped).length === 1);
    goOn.open();
    await expect(bench.finished(kept?.id ?? "")).resolves.toMatchObject({ result: "undisturbed" });
    await clock.advance("1h");
    await expect(bench.finished(lost?.id ?? "")).resolves.toMatchObject({
      result: "by the second run",
    });
    expect((await bench.client.workers.list()).map(({ id }) => id)).toEqual([worker.id]);
  });

  test("expired again and again it ends as the real rescue decides: CRASH_LOOP", async () => {
    const clock = createManualClock();
    const bench = await openBench({ clock });
    const handler = job.handler(async (_, { client, id }) => {
      await expireLease(client, id);
      return "never stored";
    });
    const { id } = await bench.client.enqueue(job, { nth: 0 });
    await drain(bench.client, { handlers: [handler] });
    const end = await bench.job(id);
    expect(end).toMatchObject({
      state: "discarded",
      crashes: 2,
      result: undefined,
      reason: { code: "CRASH_LOOP" },
    });
    expect(clock.now()).toBe(start + 3_600_000);
  });

  test("a job that was asked to stop ends cancelled when its lease expires", async () => {
    const bench = await openBench({ clock: createManualClock() });
    const began = createLatch();
    const goOn = createLatch();
    const handler = job.handler(async () => {
      began.open();
      await goOn.opened;
      return "too late";
    });
    await bench.work([handler], { grace: "20s" });
    const { id } = await bench.client.enqueue(job, { nth: 0 });
    await began.opened;
    await bench.client.jobs.cancel(id, { why: "obsolete", by: "ada" });
    await expireLease(bench.client, id);
    goOn.open();
    await expect(bench.job(id)).resolves.toMatchObject({
      state: "cancelled",
      result: undefined,
      reason: { message: "obsolete", by: "ada" },
    });
  });

  test("a job that does not run has no lease to lose", async () => {
    const { client } = await openBench();
    const { id } = await client.enqueue(job, { nth: 0 });
    await expect(expireLease(client, id)).rejects.toThrow(
      `Only a running job has a lease to lose; job ${id} (job) is available.`,
    );
    await expect(expireLease(client, "999")).rejects.toEqual(coded("JOB_NOT_FOUND"));
  });
});
