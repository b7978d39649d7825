import { type BulkRequest, createClient, createWorker, defineJob, type Storage } from "holdfast";
import { describe, expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { aborted } from "../support/aborted.ts";
import { coded } from "../support/coded.ts";
import { describeDatabases, silent } from "./client-databases.ts";

const greet = defineJob<{ n: number }, void>({ name: "greet", queue: "mail" });
const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));
const timeout = "20s";

/** A storage whose chunks are of one job, so that there are many of them. */
const inSmallChunks = (storage: Storage): Storage => ({
  ...storage,
  workOperation: (_limit, now) => storage.workOperation(1, now),
});

describeDatabases((databases) => {
  test("a preview says exactly what an operation would be about, and does nothing", async () => {
    const client = await databases.client();
    await client.enqueueMany(greet, numbers(12));
    await client.enqueue("other", null);
    const request = { action: "cancel", filter: { name: "gr*", payload: { n: 3 } } } as const;
    const one = await client.operations.preview(request);
    expect(one).toMatchObject({ action: "cancel", matched: 1, sample: [{ payload: { n: 3 } }] });
    const all = await client.operations.preview({ ...request, filter: { queue: "mail" } });
    expect(all).toMatchObject({ matched: 12, byState: { available: 12, running: 0 } });
    expect([one.atLeast, all.atLeast]).toEqual([false, false]);
    expect(all.sample).toHaveLength(10);
    const none = await client.operations.preview({ ...request, filter: { state: "completed" } });
    expect(none).toMatchObject({ matched: 0, sample: [] });
    expect((await client.jobs.count()).available).toBe(13);
    expect((await client.operations.list()).operations).toEqual([]);
  });

  test("a preview of many jobs looks at as many as it is told, and says that there may be more", async () => {
    const client = await databases.client();
    await client.enqueueMany(greet, numbers(12));
    await client.enqueue("other", null);
    const preview = (name: string, searchAtMost: number) =>
      client.operations.preview({ action: "cancel", filter: { name } }, { searchAtMost });
    expect(await preview("greet", 5)).toMatchObject({ matched: 4, atLeast: true });
    expect(await preview("greet", 50)).toMatchObject({ matched: 12, atLeast: false });
    const { sample, ...other } = await preview("other", 5);
    expect(other).toMatchObject({ matched: 1, atLeast: true, byState: { available: 1 } });
    expect(sample).toMatchObject([{ name: "other" }]);
    await expect(preview("other", 0)).rejects.toThrow(coded("INVALID_OPTION", "searchAtMost"));
  });

  test("jobs are counted a part at a time, and an operation on very many counts them on the way", async () => {
    const client = await databases.client();
    await client.enqueueMany(greet, numbers(10_500));
    await client.enqueue("other", null);
    const request = { action: "cancel", filter: { name: "other" } } as const;
    const first = await client.operations.count(request);
    expect(first).toMatchObject({ action: "cancel", matched: 0, byState: { available: 0 } });
    const rest = await client.operations.count(request, { after: first.next ?? "" });
    expect(rest).toMatchObject({ matched: 1, byState: { available: 1 }, next: null });
    const whole = await client.operations.count(request, { searchAtMost: 20_000 });
    expect(whole).toMatchObject({ matched: 1, next: null });
    const started = await client.operations.start(request);
    expect(started).toMatchObject({ matched: 0, atLeast: true });
    expect(await client.operations.wait(started.id, { timeout })).toMatchObject({
      matched: 1,
      atLeast: false,
      done: 1,
    });
    await expect(client.operations.count(request, { after: "x" })).rejects.toThrow(
      coded("INVALID_OPTION", "client.operations.count"),
    );
  });

  test("an operation is done by the process that started it, with nobody else there", async () => {
    const client = await databases.client();
    await client.enqueueMany(greet, numbers(250));
    const { id, matched } = await client.operations.start({
      action: "move",
      queue: "slow",
      filter: { queue: "mail" },
      by: "ada",
    });
    expect(matched).toBe(250);
    expect(await client.operations.wait(id, { timeout })).toMatchObject({
      state: "completed",
      done: 250,
      by: "ada",
    });
    expect((await client.jobs.count({ queue: "slow" })).available).toBe(250);
    const { operations, next } = await client.operations.list({ limit: 1 });
    expect([operations.map((each) => each.id), next]).toEqual([[id], null]);
    const { entries } = await client.audit.list({ target: `operation:${id}` });
    expect(entries.map(({ action }) => action)).toEqual([
      "operation.completed",
      "operation.started",
    ]);
  });

  test("a bulk cancel tells running jobs, and a bulk retry wakes those who wait for work", async () => {
    const client = await databases.client();
    const gone: string[] = [];
    const worker = createWorker(client, {
      poll: "30s",
      handlers: [
        greet.handler(async ({ n }, job) => {
          if (job.attempt > 0 && n === 0 && gone.length === 0) {
            await aborted(job.signal);
            gone.push(job.id);
            job.signal.throwIfAborted();
          }
        }),
      ],
    });
    await worker.start();
    const { id } = await client.enqueue(greet, { n: 0 });
    await eventually("it runs", async () => (await client.jobs.get(id))?.state === "running");
    const stopped = await client.operations.start({ action: "cancel", filter: {}, why: "no need" });
    expect((await client.handle(id).finished({ timeout })).state).toBe("cancelled");
    expect(await client.operations.wait(stopped.id, { timeout })).toMatchObject({ done: 1 });
    const again = await client.operations.start({
      action: "retry",
      filter: { state: "cancelled" },
    });
    expect((await client.operations.wait(again.id, { timeout })).done).toBe(1);
    expect((await client.handle(id).finished({ timeout: "10s" })).state).toBe("completed");
    await worker.stop();
  });

  test("an operation can be stopped in the middle", async () => {
    const [client] = await databases.onStorage(inSmallChunks);
    await client.enqueueMany(greet, numbers(500));
    const { id } = await client.operations.start({ action: "delete", filter: {} });
    await eventually(
      "it has begun",
      async () => ((await client.operations.get(id))?.done ?? 0) > 2,
    );
    expect(await client.operations.cancel(id, { by: "bob" })).toBe("cancelled");
    const { state, done } = await client.operations.wait(id, { timeout });
    expect(state).toBe("cancelled");
    expect(await client.operations.cancel(id)).toBe("finished");
    expect((await client.jobs.count()).available).toBe(500 - done);
    const { entries } = await client.audit.list({ by: "bob" });
    expect(entries).toMatchObject([{ action: "operation.cancelled", details: { done } }]);
  });

  test("what is wrong is refused, and what is not there is named", async () => {
    const { operations, audit } = await databases.client();
    for (const request of [{}, { action: "retry" }, { action: "burn", filter: {} }, null]) {
      const wrong = request as unknown as BulkRequest;
      await expect(operations.start(wrong)).rejects.toThrow(
        coded("INVALID_OPTION", "client.operations.start"),
      );
      await expect(operations.preview(wrong)).rejects.toThrow(
        coded("INVALID_OPTION", "client.operations.preview"),
      );
    }
    for (const id of ["12345", "x", ""]) {
      expect(await operations.get(id)).toBeUndefined();
      await expect(operations.cancel(id)).rejects.toThrow(coded("OPERATION_NOT_FOUND"));
      await expect(operations.wait(id, { timeout })).rejects.toThrow(coded("OPERATION_NOT_FOUND"));
    }
    await expect(operations.list({ limit: 0 })).rejects.toThrow(coded("INVALID_OPTION", "limit"));
    await expect(audit.list({ who: "ada" } as never)).rejects.toThrow(coded("INVALID_OPTION"));
  });

  test("what is done to queues is in the audit when it says by whom", async () => {
    const { queues, audit } = await databases.client();
    await queues.pause("mail", { by: "ada" });
    await queues.resume("mail");
    await queues.update("mail", { maxRunning: 7, by: "ada" });
    const { entries } = await audit.list({ target: "queue:mail" });
    expect(entries).toMatchObject([
      { action: "queues.update", by: "ada", details: { maxRunning: 7 } },
      { action: "queues.pause", by: "ada", details: {} },
    ]);
  });

  test("what is done to limits and workers is in the audit when it says by whom", async () => {
    const client = await databases.client();
    await client.limits.declare({ api: { concurrent: 2 } });
    await client.limits.update("api", { concurrent: 5, by: "ada" });
    await client.limits.update("api", { concurrent: 6 });
    await using worker = createWorker(client, { handlers: [greet.handler(() => {})] });
    await worker.start();
    const id = (await client.workers.list())[0]?.id ?? "";
    await client.workers.drain(id, { by: "ada" });
    await worker.stopped;
    const { entries } = await client.audit.list({ by: "ada" });
    expect(entries).toMatchObject([
      { action: "workers.drain", target: `worker:${id}`, details: {} },
      { action: "limits.update", target: "limit:api", details: { concurrent: 5 } },
    ]);
    expect((await client.audit.list({ target: "limit:api" })).entries).toHaveLength(1);
  });

  test("verbs for one job are in the audit when they say by whom", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(greet, { n: 1 }, { delay: "1h" });
    const by = "ada";
    await client.jobs.update(id, { priority: 2, by });
    await client.jobs.runNow(id, { by });
    await client.jobs.cancel(id, { by, why: "no need" });
    await client.jobs.cancel(id, { by });
    await client.jobs.retry(id, { by });
    await client.jobs.cancel(id);
    await client.jobs.retry(id);
    await client.jobs.delete(id, { by });
    await expect(client.jobs.delete(id, { by })).rejects.toThrow(coded("JOB_NOT_FOUND"));
    await expect(client.jobs.retry(id, { by: 7 } as never)).rejects.toThrow(
      coded("INVALID_OPTION"),
    );
    const { entries } = await client.audit.list({ target: `job:${id}`, by });
    expect(entries.map(({ action }) => action)).toEqual([
      "jobs.delete",
      "jobs.retry",
      "jobs.cancel",
      "jobs.runNow",
      "jobs.update",
    ]);
    expect(entries[4]?.details).toEqual({ priority: 2 });
    expect(entries[2]?.details).toEqual({ why: "no need", answer: "cancelled" });
    expect((await client.audit.list({ limit: 2 })).next).toBe(entries[1]?.id);
  });

  if (databases.kind === "SQLite in memory") return;

  describe("when the process that started it is gone", () => {
    test("a worker goes on where it stopped, and nothing is done twice", async () => {
      const [client, storage] = await databases.onStorage(inSmallChunks);
      await client.enqueueMany(greet, numbers(300));
      const { id } = await client.operations.start({ action: "cancel", filter: {} });
      await eventually(
        "it has begun",
        async () => ((await client.operations.get(id))?.done ?? 0) > 2,
      );
      await client.close();
      const left = await storage.getOperation(id);
      expect(left).toMatchObject({ state: "running" });
      expect(left?.done).toBeLessThan(300);
      const other = databases.closing(await createClient({ storage, logger: silent }));
      const worker = createWorker(other, {
        handlers: [defineJob({ name: "x" }).handler(() => {})],
      });
      await worker.start();
      const finished = await eventually("it is finished", async () => {
        const operation = await other.operations.get(id);
        return operation?.state === "completed" ? operation : undefined;
      });
      await worker.stop();
      expect(finished).toMatchObject({ done: 300, skipped: 0, failed: 0 });
      expect((await other.jobs.count()).cancelled).toBe(300);
    });
  });
});
