import { type AbortReason, defineJob } from "holdfast";
import { expect, test } from "vitest";
import { aborted } from "../support/aborted.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { describeWorkers } from "./worker-bench.ts";

const short = { timeout: "50ms", retry: "none" } as const;

describeWorkers((openBench) => {
  test("a timeout aborts the signal, whose reason says so, and fails the attempt with TIMED_OUT", async () => {
    const bench = await openBench();
    const reasons: AbortReason[] = [];
    const slow = defineJob({
      name: "slow",
      timeout: "50ms",
      retry: { attempts: 2, backoff: "fixed", delay: "5ms" },
    });
    const handler = slow.handler(async (_, job) => {
      reasons.push(await aborted(job.signal));
      job.signal.throwIfAborted();
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(slow, {});
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "ATTEMPTS_EXHAUSTED" },
    });
    const timedOut = { how: "timed-out", error: { code: "TIMED_OUT", name: "HoldfastError" } };
    const { attempts } = await bench.job(id);
    expect(attempts).toMatchObject([timedOut, timedOut]);
    expect(reasons[0]).toMatchObject({ kind: "timeout", code: "TIMED_OUT" });
    expect(reasons[0]).toBeInstanceOf(Error);
  });

  test("the slot of a handler that ignores its signal is freed after the grace, and its late result changes nothing", async () => {
    const bench = await openBench();
    const wake = createLatch();
    const heard: unknown[] = [];
    const over = createLatch();
    const deaf = defineJob({ name: "deaf", queue: "narrow", ...short });
    const next = defineJob({ name: "next", queue: "narrow" });
    const handlers = [
      deaf.handler(async (_, job) => {
        await wake.opened;
        const hear = (error: unknown): number => heard.push(error);
        await job.state.set("late").catch(hear);
        await job.setResult("late").catch(hear);
        await job.transaction(async () => "late").catch(hear);
        over.open();
        return "late";
      }),
      next.handler(() => "done"),
    ];
    await bench.work(handlers, { queues: { narrow: { concurrency: 1 } } });
    const { id } = await bench.client.enqueue(deaf, {});
    const behind = await bench.client.enqueue(next, {});
    await expect(bench.finished(behind.id)).resolves.toMatchObject({ result: "done" });
    const { state } = await bench.finished(id);
    expect(state).toBe("discarded");
    const before = await bench.job(id);
    wake.open();
    await over.opened;
    expect(heard).toEqual([coded("LEASE_LOST"), coded("LEASE_LOST"), coded("LEASE_LOST")]);
    await expect(bench.job(id)).resolves.toEqual(before);
    expect(before).toMatchObject({ result: undefined, attempts: [{ how: "timed-out" }] });
    expect(bench.log.lines).toContainEqual({
      level: "warn",
      message:
        "the handler ignored its signal; its slot goes on without it and its late writes are fenced",
      fields: expect.objectContaining({ job: id }) as unknown,
    });
  });

  test("a result returned in the grace does not win over the timeout", async () => {
    const bench = await openBench();
    const late = defineJob({ name: "late", ...short });
    const handler = late.handler(async (_, job) => {
      await aborted(job.signal);
      return "too late";
    });
    await bench.work([handler], { grace: "10s" });
    const { id } = await bench.client.enqueue(late, {});
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "discarded",
      result: undefined,
    });
    expect((await bench.job(id)).attempts).toMatchObject([{ how: "timed-out" }]);
  });

  test("a transaction that would commit in the grace is rolled back", async () => {
    const bench = await openBench();
    const late = defineJob({ name: "late", ...short });
    const child = defineJob({ name: "child" });
    const heard: unknown[] = [];
    const handler = late.handler(async (_, job) => {
      const over = job.transaction(async (tx) => {
        await job.enqueue(child, {}, { tx });
        await aborted(job.signal);
      });
      await over.catch((error: unknown) => heard.push(error));
    });
    await bench.work([handler], { grace: "10s" });
    const { id } = await bench.client.enqueue(late, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "discarded" });
    expect(heard).toEqual([coded("TIMED_OUT")]);
    expect((await bench.job(id)).attempts).toMatchObject([{ how: "timed-out" }]);
    await expect(bench.client.jobs.list({ name: "child" })).resolves.toMatchObject({ jobs: [] });
  });

  test("a handler that never settles, and has no timeout, holds its slot until it is cancelled", async () => {
    const bench = await openBench();
    const began = createLatch();
    const never = defineJob({ name: "never", timeout: "none" });
    const handler = never.handler(() => {
      began.open();
      return new Promise<void>(() => {});
    });
    await bench.work([handler], { queues: { default: { concurrency: 1 } } });
    const { id } = await bench.client.enqueue(never, {});
    const behind = await bench.client.enqueue(never, {});
    await began.opened;
    await bench.client.jobs.cancel(id, { why: "stuck", by: "ops" });
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "cancelled",
      reason: { message: "stuck", by: "ops" },
    });
    await bench.jobOnce(behind.id, "has the slot", ({ state }) => state === "running");
  });

  test("an error thrown after the timeout does not replace it", async () => {
    const bench = await openBench();
    const late = defineJob({ name: "late", ...short });
    const handler = late.handler(async (_, job) => {
      await aborted(job.signal);
      throw new Error("something else");
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(late, {});
    await bench.finished(id);
    expect((await bench.job(id)).attempts).toMatchObject([{ error: { code: "TIMED_OUT" } }]);
  });

  test("a backoff function is asked about a timeout too, with the attempt's number as it is", async () => {
    const bench = await openBench();
    const asked: unknown[] = [];
    const slow = defineJob({
      name: "slow",
      timeout: "50ms",
      retry: {
        backoff: (attempt, error) => {
          asked.push([attempt, error]);
          return "1h";
        },
      },
    });
    await bench.work([slow.handler((_, job) => aborted(job.signal))]);
    const { id } = await bench.client.enqueue(slow, {});
    const job = await bench.jobOnce(id, "waits", ({ state }) => state === "retryable");
    expect(asked).toEqual([[1, coded("TIMED_OUT")]]);
    expect(job.runAt - (job.attempts[0]?.ended ?? 0)).toBe(3_600_000);
  });
});
