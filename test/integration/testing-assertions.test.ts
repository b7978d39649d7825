import { defineJob } from "holdfast";
import {
  allEnqueued,
  createManualClock,
  drain,
  expectCompleted,
  expectEnqueued,
  expectState,
  runUntilIdle,
} from "holdfast/testing";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { describeWorkers } from "./worker-bench.ts";

const add = defineJob<{ a: number; b: number }, number>({
  name: "add",
  retry: { attempts: 2, backoff: "fixed", delay: "1h" },
});
const note = defineJob<{ text: string }, void>({ name: "note" });

describeWorkers((openBench) => {
  test("expectCompleted gives the result; expectState gives the job", async () => {
    const { client } = await openBench();
    const sum = await client.enqueue(add, { a: 1, b: 2 });
    const noted = await client.enqueue(note, { text: "x" });
    const handlers = [add.handler(({ a, b }) => a + b), note.handler(() => {})];
    await expect(expectState(client, sum.id, "available")).resolves.toMatchObject({ name: "add" });
    await runUntilIdle(client, { handlers });
    await expect(expectCompleted(client, sum.id)).resolves.toBe(3);
    await expect(expectCompleted(client, noted.id)).resolves.toBeUndefined();
    const job = await expectState(client, sum.id, "completed");
    expect(job.attempts).toMatchObject([{ how: "completed" }]);
  });

  test("their failures say where the job is and why", async () => {
    const clock = createManualClock();
    const { client } = await openBench({ clock });
    const { id } = await client.enqueue(add, { a: 1, b: 2 });
    await client.queues.pause("default");
    await expect(expectCompleted(client, id)).rejects.toThrow(
      `Expected job ${id} (add) to be completed; it is available (queue-paused; queue-unserved).`,
    );
    await client.queues.resume("default");
    const handlers = [
      add.handler(() => {
        throw new RangeError("too much");
      }),
    ];
    await runUntilIdle(client, { handlers });
    await expect(expectCompleted(client, id)).rejects.toThrow(
      `to be completed; it is retryable (backoff; queue-unserved; last error RangeError: too much).`,
    );
    await drain(client, { handlers });
    await expect(expectCompleted(client, id)).rejects.toThrow(
      `to be completed; it is discarded (ATTEMPTS_EXHAUSTED: All 2 attempts failed.; last error RangeError: too much).`,
    );
    await expect(expectState(client, id, "cancelled")).rejects.toMatchObject({
      name: "AssertionError",
      actual: "discarded",
      expected: "cancelled",
      operator: "expectState",
    });
    await expect(expectState(client, "999", "completed")).rejects.toEqual(coded("JOB_NOT_FOUND"));
  });

  test("allEnqueued gives what waits, as enqueued, of one definition or of all", async () => {
    const { client } = await openBench();
    await client.enqueueMany([
      add.request({ a: 1, b: 1 }, { delay: "1h" }),
      note.request({ text: "x" }),
      add.request({ a: 2, b: 2 }),
    ]);
    const cancelled = await client.enqueue(add, { a: 3, b: 3 });
    await client.jobs.cancel(cancelled.id);
    expect((await allEnqueued(client, add)).map(({ payload }) => payload)).toEqual([
      { a: 1, b: 1 },
      { a: 2, b: 2 },
    ]);
    expect((await allEnqueued(client)).map(({ name }) => name)).toEqual(["add", "note", "add"]);
  });

  test("they look past the first thousand jobs", async () => {
    const { client } = await openBench();
    const texts = Array.from({ length: 1_001 }, (_, index) => ({ text: String(index) }));
    await client.enqueueMany(note, texts);
    await expect(expectEnqueued(client, note, { text: "0" })).resolves.toMatchObject({
      name: "note",
    });
    await expect(allEnqueued(client, note)).resolves.toHaveLength(1_001);
  });
});
