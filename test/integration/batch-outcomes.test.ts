import {
  type BatchItem,
  type BatchOutcome,
  CancelError,
  DiscardError,
  defineJob,
  type JobBatch,
} from "holdfast";
import { expect, test } from "vitest";
import { z } from "zod";
import { aborted } from "../support/aborted.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { type Bench, describeWorkers } from "./worker-bench.ts";

interface Payload {
  n: number;
}

const job = defineJob<Payload>({
  name: "job",
  retry: { attempts: 3, backoff: "fixed", delay: "1h", resetAfter: 1e9 },
});

const numbers = (count: number): Payload[] => Array.from({ length: count }, (_, n) => ({ n }));

async function enqueue({ client }: Bench, count: number): Promise<string[]> {
  return (await client.enqueueMany(job, numbers(count))).map(({ id }) => id);
}

/** Runs one batch of so many jobs and gives their ids once it is over. */
async function oneBatch(
  bench: Bench,
  count: number,
  run: (batch: JobBatch<Payload>) => Promise<readonly BatchOutcome[] | void>,
): Promise<string[]> {
  const ids = await enqueue(bench, count);
  let runs = 0;
  const handler = job.batchHandler({ size: count, concurrent: 1 }, (batch) => {
    runs += 1;
    return runs === 1 ? run(batch) : undefined;
  });
  await bench.work([handler]);
  for (const id of ids) {
    await bench.jobOnce(id, "has had an attempt", ({ attempts }) => attempts.length > 0);
  }
  return ids;
}

async function states(bench: Bench, ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map(async (id) => (await bench.job(id)).state));
}

async function errors(bench: Bench, ids: readonly string[]): Promise<unknown[]> {
  return Promise.all(ids.map(async (id) => (await bench.job(id)).attempts[0]?.error));
}

/** Each way to end an item, and what it becomes of. */
const ways: readonly [string, (item: BatchItem<Payload>) => BatchOutcome, object][] = [
  ["complete", (item) => item.complete(), { state: "completed", result: undefined }],
  [
    "complete with a result",
    (item) => item.complete({ of: 7 }),
    { state: "completed", result: { of: 7 } },
  ],
  [
    "fail",
    (item) => item.fail(new Error("bad")),
    { state: "retryable", attempts: [{ how: "failed", error: { message: "bad" } }] },
  ],
  [
    "fail with a DiscardError",
    (item) => item.fail(new DiscardError("hopeless")),
    { state: "discarded" },
  ],
  ["fail with a CancelError", (item) => item.fail(new CancelError("stop")), { state: "cancelled" }],
  [
    "rescheduleIn",
    (item) => item.rescheduleIn("1h"),
    { state: "scheduled", attempt: 0, attempts: [{ how: "rescheduled" }] },
  ],
  [
    "rescheduleAt",
    (item) => item.rescheduleAt(new Date(4e12)),
    { state: "scheduled", runAt: 4e12 },
  ],
  [
    "snooze",
    (item) => item.snooze("1h"),
    { state: "scheduled", attempt: 0, attempts: [{ how: "snoozed" }] },
  ],
  [
    "throttle",
    (item) => item.throttle("1h"),
    { state: "scheduled", attempt: 0, attempts: [{ how: "throttled" }] },
  ],
  [
    "cancel",
    (item) => item.cancel("unwanted"),
    { state: "cancelled", reason: { message: "unwanted" } },
  ],
  [
    "discard",
    (item) => item.discard("broken"),
    { state: "discarded", reason: { message: "broken" } },
  ],
];

describeWorkers((openBench) => {
  test("nothing handed back completes every item", async () => {
    const bench = await openBench();
    const ids = await oneBatch(bench, 3, async () => {});
    await expect(states(bench, ids)).resolves.toEqual(["completed", "completed", "completed"]);
    expect((await bench.job(ids[0] as string)).attempts).toMatchObject([{ how: "completed" }]);
  });

  test("each item ends as its outcome says, outside of a transaction", async () => {
    const bench = await openBench();
    const ids = await oneBatch(bench, ways.length, async (batch) =>
      batch.items
        .map((item) => (ways[item.payload.n] as (typeof ways)[number])[1](item))
        .toReversed(),
    );
    for (const [n, [, , expected]] of ways.entries()) {
      expect(await bench.job(ids[n] as string)).toMatchObject(expected);
    }
  });

  test("and inside one", async () => {
    const bench = await openBench();
    const ids = await oneBatch(bench, ways.length, (batch) =>
      batch.transaction(async () =>
        batch.items.map((item) => (ways[item.payload.n] as (typeof ways)[number])[1](item)),
      ),
    );
    for (const [n, [, , expected]] of ways.entries()) {
      expect(await bench.job(ids[n] as string)).toMatchObject(expected);
    }
  });

  test("a throttled item cools its queue down, in a transaction too", async () => {
    const bench = await openBench();
    await oneBatch(bench, 2, (batch) =>
      batch.transaction(async () => batch.items.map((item) => item.throttle("1h"))),
    );
    const later = await bench.client.enqueue(job, { n: 9 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(bench.job(later.id)).resolves.toMatchObject({ state: "available", run: 0 });
  });

  test("a throw is a failed attempt of every item", async () => {
    const bench = await openBench();
    const ids = await oneBatch(bench, 3, async () => {
      throw new Error("all of it");
    });
    await expect(states(bench, ids)).resolves.toEqual(["retryable", "retryable", "retryable"]);
    const all = await errors(bench, ids);
    expect(all).toMatchObject(Array.from({ length: 3 }, () => ({ message: "all of it" })));
  });

  const forgotten: readonly [
    string,
    (batch: JobBatch<Payload>) => readonly BatchOutcome[] | undefined,
  ][] = [
    ["a missing one", ({ items }) => items.slice(1).map((item) => item.complete())],
    ["two for one item", ({ items }) => [...items, ...items].map((item) => item.complete())],
    ["a made-up one", ({ items }) => items.map(({ id }) => ({ id, kind: "completed" }) as const)],
    [
      "outcomes made and then forgotten",
      ({ items }) => void items.map((item) => item.snooze("1h")),
    ],
  ];
  test.each(forgotten)("%s fails the whole batch with BATCH_OUTCOMES_MISMATCH", async (_, run) => {
    const bench = await openBench();
    const ids = await oneBatch(bench, 2, async (batch) => run(batch));
    const mismatch: unknown = expect.objectContaining({ code: "BATCH_OUTCOMES_MISMATCH" });
    await expect(errors(bench, ids)).resolves.toEqual([mismatch, mismatch]);
  });

  test("an outcome of another batch is a foreign one", async () => {
    const bench = await openBench();
    const ids = await enqueue(bench, 2);
    let kept: BatchOutcome | undefined;
    const handler = job.batchHandler({ size: 1, concurrent: 1 }, (batch) => {
      const outcome = batch.items[0]?.complete() as BatchOutcome;
      const earlier = kept;
      kept = outcome;
      return [earlier ?? outcome];
    });
    await bench.work([handler]);
    await bench.finished(ids[0] as string);
    await bench.jobOnce(ids[1] as string, "has failed", ({ state }) => state === "retryable");
    await expect(errors(bench, ids.slice(1))).resolves.toMatchObject([
      { code: "BATCH_OUTCOMES_MISMATCH" },
    ]);
  });

  test("an item whose payload is invalid is discarded alone, and the rest run", async () => {
    const bench = await openBench();
    const strict = defineJob({
      name: "strict",
      payload: z.object({ n: z.string().transform(Number) }),
    });
    const good = await bench.client.enqueueMany(strict, [{ n: "1" }, { n: "2" }]);
    const bad = await bench.client.enqueue("strict", { n: 7 });
    const seen: number[] = [];
    const handler = strict.batchHandler({ size: 3, concurrent: 1 }, (batch) => {
      seen.push(...batch.items.map(({ payload }) => payload.n));
    });
    await bench.work([handler]);
    for (const { id } of good)
      await expect(bench.finished(id)).resolves.toMatchObject({ state: "completed" });
    await expect(bench.finished(bad.id)).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "PAYLOAD_INVALID" },
    });
    expect(seen).toEqual([1, 2]);
  });

  test("an item keeps its state, progress and result by itself", async () => {
    const bench = await openBench();
    const [id = "", other = ""] = await oneBatch(bench, 2, async ({ items: [first] }) => {
      await first?.state.set({ at: 3 });
      await first?.progress("half");
      await first?.setResult({ early: true });
    });
    await expect(bench.job(id)).resolves.toMatchObject({
      checkpoint: { at: 3 },
      progress: "half",
      result: { early: true },
    });
    expect((await bench.job(other)).result).toBeUndefined();
  });

  test("a cancelled item hears of it alone, and ends cancelled unless it completes", async () => {
    const bench = await openBench();
    const began = createLatch();
    const ids = await enqueue(bench, 3);
    const handler = job.batchHandler({ size: 3, concurrent: 1 }, async (batch) => {
      const [first, second, third] = batch.items as readonly [BatchItem, BatchItem, BatchItem];
      began.open();
      for (const { signal } of [first, second]) {
        if (!signal.aborted) await aborted(signal);
      }
      expect([third.signal.aborted, batch.signal.aborted]).toEqual([false, false]);
      return [first.fail(first.signal.reason), second.complete(), third.complete()];
    });
    await bench.work([handler]);
    await began.opened;
    for (const id of ids.slice(0, 2))
      await bench.client.jobs.cancel(id, { why: "no more", by: "ops" });
    for (const id of ids) await bench.finished(id);
    await expect(states(bench, ids)).resolves.toEqual(["cancelled", "completed", "completed"]);
    await expect(bench.job(ids[0] as string)).resolves.toMatchObject({
      reason: { message: "no more", by: "ops" },
    });
  });

  test("a batch that takes too long times out as a whole", async () => {
    const bench = await openBench();
    const slow = defineJob<Payload>({ name: "slow", timeout: "50ms", retry: "none" });
    const receipts = await bench.client.enqueueMany(slow, numbers(2));
    const reasons: unknown[] = [];
    const handler = slow.batchHandler({}, async ({ signal, items }) => {
      await aborted(signal);
      reasons.push(signal.reason, ...items.map((item) => item.signal.reason as unknown));
    });
    await bench.work([handler]);
    for (const { id } of receipts) {
      await expect(bench.finished(id)).resolves.toMatchObject({ state: "discarded" });
      expect((await bench.job(id)).attempts).toMatchObject([{ how: "timed-out" }]);
    }
    expect(reasons).toMatchObject([{ kind: "timeout" }, { kind: "timeout" }, { kind: "timeout" }]);
  });

  test("a transaction of a batch that would commit after the timeout is rolled back", async () => {
    const bench = await openBench();
    const slow = defineJob<Payload>({ name: "slow", timeout: "50ms", retry: "none" });
    const child = defineJob({ name: "child" });
    const receipts = await bench.client.enqueueMany(slow, numbers(2));
    const heard: unknown[] = [];
    const handler = slow.batchHandler({}, async (batch) => {
      const over = batch.transaction(async (tx) => {
        await batch.enqueue(child, {}, { tx });
        if (batch.signal.aborted) return;
        await aborted(batch.signal);
      });
      await over.catch((error: unknown) => heard.push(error));
    });
    await bench.work([handler], { grace: "10s" });
    for (const { id } of receipts) {
      await expect(bench.finished(id)).resolves.toMatchObject({ state: "discarded" });
      expect((await bench.job(id)).attempts).toMatchObject([{ how: "timed-out" }]);
    }
    expect(heard).toEqual([coded("TIMED_OUT")]);
    await expect(bench.client.jobs.list({ name: "child" })).resolves.toMatchObject({ jobs: [] });
  });

  test("past the drain a batch that does not end is released: no attempt spent, available at once", async () => {
    const bench = await openBench();
    const began = createLatch();
    const ids = await enqueue(bench, 2);
    const handler = job.batchHandler({}, () => {
      began.open();
      return new Promise(() => {});
    });
    const worker = await bench.work([handler]);
    await began.opened;
    await worker.stop();
    for (const id of ids) {
      await expect(bench.job(id)).resolves.toMatchObject({ state: "available", attempt: 0 });
    }
  });
});
