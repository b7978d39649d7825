import { fileURLToPath } from "node:url";
import { defineJob } from "holdfast";
import { type ProcessPoolOptions, processPool } from "holdfast/process";
import { expect, test } from "vitest";
import { isRunning } from "../support/running.ts";
import type { ChildTask, Told } from "./child-task.ts";
import type { Databases } from "./client-databases.ts";
import { type Bench, describeSharedWorkers, type OpenBench } from "./worker-bench.ts";

const program = fileURLToPath(new URL("protocol-child.mjs", import.meta.url));
const quickly = { backoff: "fixed", delay: 1, attempts: 2, resetAfter: 1e9 } as const;
const task = defineJob<ChildTask>({ name: "task", retry: quickly });
const once = defineJob<ChildTask>({ name: "once", retry: "none" });
const tell: ChildTask = { tell: true };

/** A bench with a worker whose jobs are done by a pool of children. */
async function besidePool(
  openBench: OpenBench,
  databases: Databases,
  options: Partial<ProcessPoolOptions> = {},
): Promise<{ readonly bench: Bench; told(payload?: ChildTask): Promise<Told> }> {
  const pool = databases.closing(
    processPool({ argv: [process.execPath, program], size: 1, grace: "200ms", ...options }),
  );
  const bench = await openBench();
  // With quick heartbeats no test waits for the wakeup of a cancel.
  const patience = { grace: "10s", heartbeat: "100ms" } as const;
  await bench.work([task.handler(pool.run), once.handler(pool.run)], patience);
  return {
    bench,
    async told(payload = tell) {
      const { id } = await bench.client.enqueue(task, payload);
      return (await bench.client.handle(id).result({ timeout: "15s" })) as Told;
    },
  };
}

/** Runs a task that is not tried again, and gives its only attempt. */
async function onlyAttempt(bench: Bench, payload: ChildTask) {
  const { id } = await bench.client.enqueue(once, payload);
  const { state } = await bench.finished(id);
  const { attempts } = await bench.job(id);
  expect(attempts).toHaveLength(1);
  return { state, ...attempts[0] };
}

describeSharedWorkers((openBench, databases) => {
  test("a child gets what there is to know of its job, and is kept for the next", async () => {
    const { bench, told } = await besidePool(openBench, databases);
    const { id } = await bench.client.enqueue(task, tell);
    const first = (await bench.finished(id)).result as Told;
    expect(first.request).toEqual({
      type: "job",
      id: `${id}:1`,
      job: id,
      run: 1,
      attempt: 1,
      name: "task",
      queue: "default",
      payload: tell,
    });
    expect((await told()).pid).toBe(first.pid);
  });

  test("an error fails the attempt with its name, code and stack, and the child lives on", async () => {
    const { bench, told } = await besidePool(openBench, databases);
    const { pid } = await told();
    const error = { name: "OSError", message: "disk full", code: "ENOSPC", stack: "worker.py, 12" };
    const attempt = await onlyAttempt(bench, { say: [{ type: "error", id: "$", ...error }] });
    expect(attempt).toMatchObject({ state: "discarded", how: "failed", error });
    expect((await told()).pid).toBe(pid);
  });

  test("a discard gives the job up, a snooze and a throttle put it off and spend no attempt", async () => {
    const { bench } = await besidePool(openBench, databases);
    const say = (message: object) => ({ say: [{ id: "$", ...message }] });
    const discarded = await bench.client.enqueue(task, say({ type: "discard", message: "broken" }));
    await expect(bench.finished(discarded.id)).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "JOB_DISCARDED", message: "broken" },
    });
    const snoozed = await bench.client.enqueue(task, say({ type: "snooze", delay: "1h" }));
    const throttled = await bench.client.enqueue(
      task,
      say({ type: "throttled", retryAfter: "2h" }),
    );
    for (const { id } of [snoozed, throttled]) {
      const job = await bench.jobOnce(id, "is put off", ({ state }) => state === "scheduled");
      expect(job.attempt).toBe(0);
    }
    const { closedUntil } = await bench.storage.getCooling("default");
    expect(closedUntil).toBeGreaterThan(Date.now() + 7_000_000);
  });

  test("progress is stored and log lines are logged as the job's", async () => {
    const { bench } = await besidePool(openBench, databases);
    const log = { type: "log", id: "$", level: "warn", message: "odd", fields: { job: "spoofed" } };
    const progress = [1, 2, 3].map((value) => ({ type: "progress", id: "$", value }));
    const { id } = await bench.client.enqueue(task, { say: [log, ...progress], tell: true });
    await bench.finished(id);
    expect((await bench.job(id)).progress).toBe(3);
    expect(bench.log.said("odd")).toMatchObject([
      { level: "warn", fields: { job: id, name: "task", child: { job: "spoofed" } } },
    ]);
  });

  test("a reply that names another job settles nothing, neither that job nor the child's own", async () => {
    const { bench, told } = await besidePool(openBench, databases, { size: 2 });
    const running = await bench.client.enqueue(task, { grandchild: true });
    await bench.jobOnce(running.id, "runs in a child", ({ progress }) => progress !== undefined);
    const stolen = { type: "ok", id: `${running.id}:1`, result: "stolen" };
    const attempt = await onlyAttempt(bench, { say: [stolen, { type: "ok", id: "$" }] });
    expect(attempt).toMatchObject({ state: "discarded", error: { code: "CHILD_PROTOCOL" } });
    expect(attempt.error?.message).toContain(`it spoke of job "${running.id}:1"`);
    await expect(bench.job(running.id)).resolves.toMatchObject({
      state: "running",
      result: undefined,
    });
    await told();
    await bench.client.jobs.cancel(running.id);
    await expect(bench.finished(running.id)).resolves.toMatchObject({ state: "cancelled" });
  });

  test("a second reply does not become that of the next job", async () => {
    const { bench, told } = await besidePool(openBench, databases);
    const twice = [1, 2].map((result) => ({ type: "ok", id: "$", result }));
    const { id } = await bench.client.enqueue(task, { say: twice });
    await expect(bench.finished(id)).resolves.toMatchObject({ result: 1 });
    expect((await told()).request).toMatchObject({ payload: tell });
    // Nor does a late one for the job before it.
    const late = { say: [{ type: "ok", id: "$previous", result: "late" }] };
    const attempt = await onlyAttempt(bench, late);
    expect(attempt).toMatchObject({ error: { code: "CHILD_PROTOCOL" } });
  });

  test.each<[string, ChildTask, string]>([
    ["what is not JSON", { say: ["Traceback"] }, "a line is not JSON"],
    ["a message of no known type", { say: [{ type: "done", id: "$" }] }, 'the type "done"'],
    ["a line that is too long", { say: ["x".repeat(5_000)] }, "longer than 4096 bytes"],
  ])("a child that says %s is replaced", async (_, payload, why) => {
    const { bench, told } = await besidePool(openBench, databases, { maxLine: 4_096 });
    const { pid } = await told();
    const attempt = await onlyAttempt(bench, payload);
    expect(attempt.error).toMatchObject({ code: "CHILD_PROTOCOL" });
    expect(attempt.error?.message).toContain(why);
    expect(isRunning(pid)).toBe(false);
    expect((await told()).pid).not.toBe(pid);
  });

  test("a child that ends in the middle of a job fails the attempt with the end of its errors", async () => {
    const { bench, told } = await besidePool(openBench, databases);
    const { pid } = await told();
    const attempt = await onlyAttempt(bench, { stderr: "out of memory\n", exit: 7 });
    expect(attempt.error).toMatchObject({
      code: "CHILD_LOST",
      message: "The child was lost: it exited with code 7: out of memory.",
    });
    expect((await told()).pid).not.toBe(pid);
  });

  test("a program that does not exist, says nothing or speaks another version fails its jobs and is tried again", async () => {
    const missing = await besidePool(openBench, databases, { argv: ["no-such-program"] });
    const lost = { code: "CHILD_LOST" };
    await expect(onlyAttempt(missing.bench, tell)).resolves.toMatchObject({ error: lost });
    await expect(onlyAttempt(missing.bench, tell)).resolves.toMatchObject({ error: lost });

    const silent = await besidePool(openBench, databases, { env: { FIRST: "" }, start: "300ms" });
    const { error } = await onlyAttempt(silent.bench, tell);
    expect(error).toMatchObject(lost);
    expect(error?.message).toContain("ready in time");

    const first = '{"type":"ready","protocol":2}';
    const other = await besidePool(openBench, databases, { env: { FIRST: first } });
    const refused = await onlyAttempt(other.bench, tell);
    expect(refused.error).toMatchObject({ code: "CHILD_PROTOCOL" });
    expect(refused.error?.message).toContain("speaks version 2");
  });

  test("a child asked to stop that replies is kept", async () => {
    const { bench, told } = await besidePool(openBench, databases, { grace: "5s" });
    const { pid } = await told();
    const { id } = await bench.client.enqueue(task, {
      say: [{ type: "progress", id: "$", value: 1 }],
    });
    await bench.jobOnce(id, "runs in the child", ({ progress }) => progress === 1);
    await bench.client.jobs.cancel(id, { why: "changed my mind" });
    await expect(bench.finished(id)).resolves.toMatchObject({
      state: "cancelled",
      reason: { message: "changed my mind" },
    });
    expect((await told()).pid).toBe(pid);
  });

  test("one that does not is killed with everything it started, before the attempt ends", async () => {
    const { bench, told } = await besidePool(openBench, databases);
    const { id } = await bench.client.enqueue(task, { grandchild: true, deaf: true });
    const { progress } = await bench.jobOnce(id, "runs", (job) => job.progress !== undefined);
    const pids = progress as number[];
    expect(pids.map(isRunning)).toEqual([true, true]);
    await bench.client.jobs.cancel(id);
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "cancelled" });
    expect(pids.map(isRunning)).toEqual([false, false]);
    expect(pids).not.toContain((await told()).pid);
  });

  test("a job that waits for a child can be cancelled, and the child goes to the next", async () => {
    const { bench } = await besidePool(openBench, databases);
    const busy = await bench.client.enqueue(task, { grandchild: true });
    await bench.jobOnce(busy.id, "runs", ({ progress }) => progress !== undefined);
    const waiting = await bench.client.enqueue(task, tell);
    const next = await bench.client.enqueue(task, tell);
    await bench.jobOnce(next.id, "waits for the child", ({ state }) => state === "running");
    await bench.client.jobs.cancel(waiting.id);
    await expect(bench.finished(waiting.id)).resolves.toMatchObject({ state: "cancelled" });
    await bench.client.jobs.cancel(busy.id);
    await expect(bench.finished(next.id)).resolves.toMatchObject({ state: "completed" });
  });

  test("a child is replaced after its number of jobs", async () => {
    const { told } = await besidePool(openBench, databases, { recycleAfter: 2 });
    const [first, second, third] = [await told(), await told(), await told()];
    expect(second.pid).toBe(first.pid);
    expect(third.pid).not.toBe(first.pid);
  });

  test("close ends the children; a job that comes later fails", async () => {
    const pool = processPool({ argv: [process.execPath, program] });
    const bench = await openBench();
    await bench.work([task.handler(pool.run), once.handler(pool.run)]);
    const { id } = await bench.client.enqueue(task, tell);
    const { pid } = (await bench.finished(id)).result as Told;
    await pool.close();
    expect(isRunning(pid)).toBe(false);
    await expect(onlyAttempt(bench, tell)).resolves.toMatchObject({
      error: { code: "CHILD_POOL_CLOSED" },
    });
  });
});
