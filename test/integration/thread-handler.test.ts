import { defineJob, type Job } from "holdfast";
import { type ThreadOptions, threadHandler } from "holdfast/process";
import { expect, test } from "vitest";
import type { Databases } from "./client-databases.ts";
import { type Bench, describeSharedWorkers, type OpenBench } from "./worker-bench.ts";

const module = new URL("busy-thread.mjs", import.meta.url);
const deed = defineJob<string>({ name: "deed", retry: "none" });

/** A bench with a worker whose jobs are done by threads. */
async function besideThreads(
  openBench: OpenBench,
  databases: Databases,
  options: ThreadOptions = {},
  url = module,
): Promise<{ readonly bench: Bench; done(payload: string): Promise<Job> }> {
  const handler = databases.closing(threadHandler(url, { size: 1, grace: "200ms", ...options }));
  const bench = await openBench();
  await bench.work([deed.handler(handler)], { grace: "10s" });
  return {
    bench,
    async done(payload) {
      const { id } = await bench.client.enqueue(deed, payload);
      await bench.finished(id);
      return bench.job(id);
    },
  };
}

const errorOf = ({ attempts }: Job) => attempts[0]?.error;

describeSharedWorkers((openBench, databases) => {
  test("a thread gets what there is to know of its job, and is kept for the next", async () => {
    const { done } = await besideThreads(openBench, databases);
    const { id, result } = await done("tell");
    expect(result).toMatchObject({ id, run: 1, attempt: 1, name: "deed", queue: "default" });
    const { threadId } = result as { threadId: number };
    await expect(done("tell")).resolves.toMatchObject({ result: { threadId } });
    await expect(done("nothing")).resolves.toMatchObject({ state: "completed", result: undefined });
  });

  test("what it throws fails the attempt with its name, code and stack, and the thread lives on", async () => {
    const { done } = await besideThreads(openBench, databases);
    const { result } = await done("tell");
    const job = await done("throw");
    expect(errorOf(job)).toMatchObject({
      name: "RangeError",
      message: "out of range",
      code: "E_RANGE",
    });
    expect(errorOf(job)?.stack).toContain("busy-thread.mjs");
    const { threadId } = result as { threadId: number };
    await expect(done("tell")).resolves.toMatchObject({ result: { threadId } });
  });

  test("it can discard, snooze and throttle", async () => {
    const { bench, done } = await besideThreads(openBench, databases);
    await expect(done("discard")).resolves.toMatchObject({ reason: { code: "JOB_DISCARDED" } });
    const snoozed = await bench.client.enqueue(deed, "snooze");
    const throttled = await bench.client.enqueue(deed, "throttle");
    for (const { id } of [snoozed, throttled]) {
      const job = await bench.jobOnce(id, "is put off", ({ state }) => state === "scheduled");
      expect(job.attempt).toBe(0);
    }
  });

  test("a loop that never waits is ended after the grace, and the next job has a new thread", async () => {
    const { bench, done } = await besideThreads(openBench, databases);
    const { id } = await bench.client.enqueue(deed, "loop");
    const { progress } = await bench.jobOnce(id, "runs", (job) => job.progress !== undefined);
    await bench.client.jobs.cancel(id);
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "cancelled" });
    const { result } = await done("tell");
    expect(result).not.toMatchObject({ threadId: progress });
  });

  test("one that obeys its signal is kept", async () => {
    const { bench, done } = await besideThreads(openBench, databases, { grace: "5s" });
    const { id } = await bench.client.enqueue(deed, "obey");
    const { progress } = await bench.jobOnce(id, "runs", (job) => job.progress !== undefined);
    await bench.client.jobs.cancel(id);
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "cancelled" });
    await expect(done("tell")).resolves.toMatchObject({ result: { threadId: progress } });
  });

  test("a thread that dies fails its job alone, with what killed it", async () => {
    const { done } = await besideThreads(openBench, databases);
    const thrown = errorOf(await done("die"));
    expect(thrown).toMatchObject({ code: "CHILD_LOST", cause: { message: "thrown by a timer" } });
    expect(thrown?.cause?.stack).toContain("busy-thread.mjs");
    const exited = errorOf(await done("exit"));
    expect(exited).toMatchObject({ code: "CHILD_LOST" });
    expect(exited?.message).toContain("exited with code 3");
    await expect(done("tell")).resolves.toMatchObject({ state: "completed" });
  });

  test("a result that is no JSON is refused by its path", async () => {
    const { done } = await besideThreads(openBench, databases);
    const error = errorOf(await done("date"));
    expect(error).toMatchObject({ code: "RESULT_INVALID" });
    expect(error?.message).toContain("at");
  });

  test("log lines and progress arrive, and what is said too late does no harm", async () => {
    const { bench, done } = await besideThreads(openBench, databases);
    const { id, progress } = await done("log");
    expect(progress).toEqual({ half: true });
    const fields = { job: id, child: { error: { message: "inner" }, big: 1 } };
    expect(bench.log.said("from the thread")).toMatchObject([{ level: "warn", fields }]);
    await expect(done("tell")).resolves.toMatchObject({ state: "completed" });
    expect(bench.log.said("too late")).toEqual([]);
  });

  test("a module that does not exist fails its jobs", async () => {
    const nowhere = new URL("no-such-thread.mjs", import.meta.url);
    const { done } = await besideThreads(openBench, databases, {}, nowhere);
    expect(errorOf(await done("tell"))).toMatchObject({ code: "CHILD_LOST" });
  });
});
