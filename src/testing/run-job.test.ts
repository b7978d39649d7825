import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { coded } from "../../test/support/coded.ts";
import { createLatch } from "../../test/support/latch.ts";
import { defineJob } from "../core/define-job.ts";
import { defineResidentJob } from "../core/define-resident-job.ts";
import { DiscardError, ThrottleError } from "../core/endings.ts";
import type { AbortReason, JobContext } from "../core/job-context.ts";
import type { Transaction, TransactionOpener } from "../core/transaction.ts";
import { createManualClock } from "./manual-clock.ts";
import { runJob } from "./run-job.ts";

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;

const count = defineJob({
  name: "count",
  payload: z.object({ text: z.string(), from: z.string().transform(Number) }),
  result: z.object({ words: z.number() }),
  queue: "words",
  tags: ["counted"],
  timeout: "10m",
  retry: { attempts: 3, backoff: { min: "1m", max: "1h", jitter: 0.5 } },
});
const payload = { text: "a b", from: "7" };
const child = defineJob<{ of: string }>({ name: "child" });

describe("the handler", () => {
  test("gets its payload through the schema, and a context that looks like a worker's", async () => {
    const seen: unknown[] = [];
    const handler = count.handler<{ greet: string }>((given, job) => {
      seen.push(given);
      const { id, name, queue, attempt, run, tags, services, clock, client, signal, worker } = job;
      seen.push({ id, name, queue, attempt, run, tags, services, now: clock.now() });
      expect(client.clock).toBe(clock);
      expect(signal.aborted).toBe(false);
      expect(worker.id).toMatch(/^\d+$/);
      return { words: 2 };
    });
    const run = await runJob(handler, payload, { services: { greet: "hi" }, tags: ["now"] });
    expect(run).toMatchObject({ how: "completed", state: "completed", result: { words: 2 } });
    expect(seen).toEqual([
      { text: "a b", from: 7 },
      {
        id: "1",
        name: "count",
        queue: "words",
        attempt: 1,
        run: 1,
        tags: ["counted", "now"],
        services: { greet: "hi" },
        now: start,
      },
    ]);
  });

  test("runs at once, without waiting for anything", async () => {
    const began = vi.fn<() => void>();
    const running = runJob(child.handler(began), { of: "a" });
    expect(began).toHaveBeenCalledOnce();
    await running;
  });

  test("finds the state of an earlier attempt, and the run has what it left", async () => {
    const handler = child.handler(async (_, { state }) => {
      const step = state.get<{ step: number }>()?.step ?? 0;
      await state.set({ step: step + 1 });
      await state.set({ step: state.get<{ step: number }>()?.step, done: true });
    });
    await expect(runJob(handler, { of: "a" })).resolves.toMatchObject({
      checkpoint: { step: 1, done: true },
    });
    const again = await runJob(handler, { of: "a" }, { attempt: 2, checkpoint: { step: 4 } });
    expect(again.checkpoint).toEqual({ step: 5, done: true });
    const untouched = await runJob(
      child.handler(() => {}),
      { of: "a" },
      { checkpoint: [1] },
    );
    expect(untouched.checkpoint).toEqual([1]);
  });

  test("leaves progress, log lines and a partial result behind, also when it fails", async () => {
    const handler = count.handler(async (_, { progress, log, setResult }) => {
      await progress(1);
      await progress({ half: true });
      log.info({ words: 1 }, "counting");
      await setResult({ words: 1 });
      throw new Error("out of words");
    });
    const run = await runJob(handler, payload);
    expect(run.progress).toEqual([1, { half: true }]);
    expect(run.result).toEqual({ words: 1 });
    const [line, ...others] = run.logs;
    expect(line).toEqual({
      level: "info",
      message: "counting",
      fields: { job: "1", name: "count", attempt: 1, words: 1 },
    });
    expect(others).toMatchObject([{ level: "warn", message: "attempt failed" }]);
  });
});

describe("the end", () => {
  test("of a failure is a retry after its backoff without jitter, and the last one's is a discard", async () => {
    const handler = count.handler(() => {
      throw new RangeError("no words");
    });
    const first = await runJob(handler, payload, { attempt: 2 });
    expect(first).toMatchObject({
      how: "failed",
      state: "retryable",
      runAt: start + 2 * minute,
      result: undefined,
      error: { name: "RangeError", message: "no words" },
      reason: null,
    });
    const last = await runJob(handler, payload, { attempt: 3 });
    expect(last).toMatchObject({
      how: "failed",
      state: "discarded",
      runAt: null,
      reason: { code: "ATTEMPTS_EXHAUSTED" },
    });
  });

  test.each<[string, (job: JobContext<{ words: number }>) => unknown, object]>([
    [
      "snooze",
      (job) => job.snooze("5m"),
      { how: "snoozed", state: "scheduled", runAt: start + 5 * minute },
    ],
    ["rescheduleNow", (job) => job.rescheduleNow(), { how: "rescheduled", state: "available" }],
    ["throttle", (job) => job.throttle(), { how: "throttled", runAt: start + minute }],
    ["cancel", (job) => job.cancel("no"), { state: "cancelled", reason: { message: "no" } }],
    ["discard", (job) => job.discard("no"), { state: "discarded", reason: { message: "no" } }],
  ])("can be chosen: %s", async (_, choose, expected) => {
    const run = await runJob(
      count.handler((_given, job) => choose(job) as never),
      payload,
    );
    expect(run).toMatchObject(expected);
  });

  test.each<[Error, object]>([
    [new DiscardError("never"), { how: "discarded", reason: { code: "JOB_DISCARDED" } }],
    [new ThrottleError("30s"), { how: "throttled", runAt: start + minute / 2 }],
  ])("can be thrown: %s", async (error, expected) => {
    const handler = count.handler(() => {
      throw error;
    });
    const run = await runJob(handler, payload);
    expect(run).toMatchObject(expected);
  });

  test("of a result that its schema refuses is a failure", async () => {
    const run = await runJob(
      count.handler(() => ({ words: "two" }) as never),
      payload,
    );
    expect(run).toMatchObject({ how: "failed", error: { code: "RESULT_INVALID" } });
  });

  test("of a resident job that returns something else than a reschedule is a failure", async () => {
    const sweeper = defineResidentJob<null>({ name: "sweeper" });
    const run = await runJob(
      sweeper.handler(() => "done" as never),
      null,
    );
    expect(run).toMatchObject({ how: "failed", state: "retryable" });
    const next = await runJob(
      sweeper.handler((_, job) => job.rescheduleIn("1m")),
      null,
    );
    expect(next).toMatchObject({ how: "rescheduled", runAt: start + minute });
  });

  test("is a time-out when the clock passes the job's", async () => {
    const clock = createManualClock();
    const reasons: AbortReason[] = [];
    const handler = count.handler(async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      reasons.push(signal.reason as AbortReason);
      return { words: 0 };
    });
    const running = runJob(handler, payload, { clock });
    await clock.advance("10m");
    await expect(running).resolves.toMatchObject({ how: "timed-out", state: "retryable" });
    expect(reasons).toMatchObject([{ kind: "timeout" }]);
  });

  test("is a cancel when the signal given aborts and the handler obeys, with its reason", async () => {
    const stop = new AbortController();
    const handler = count.handler(async (_, { signal }) => {
      stop.abort("the customer left");
      signal.throwIfAborted();
      return { words: 0 };
    });
    await expect(runJob(handler, payload, { signal: stop.signal })).resolves.toMatchObject({
      how: "cancelled",
      state: "cancelled",
      reason: { code: "JOB_CANCELLED", message: "the customer left" },
    });
    const late = count.handler(async (_, { signal }) => {
      await Promise.resolve();
      expect(signal.aborted).toBe(true);
      return { words: 0 };
    });
    const run = await runJob(late, payload, { signal: AbortSignal.abort() });
    expect(run, "a returned result still wins").toMatchObject({ state: "completed" });
  });
});

describe("children", () => {
  test("are checked like any, and listed in order with what was said of them", async () => {
    const handler = count.handler(async (_, { enqueue, enqueueMany, client }) => {
      await enqueue(child, { of: "a" }, { delay: "1m", priority: 1, tags: ["x"] });
      await enqueueMany(child, [{ of: "b" }, { of: "c" }], { unique: { key: ({ of }) => of } });
      await client.enqueue("by-name", 7, { queue: "tools" });
      await expect(enqueue(count, { text: 1 } as never)).rejects.toEqual(coded("PAYLOAD_INVALID"));
      return { words: 0 };
    });
    const { enqueued } = await runJob(handler, payload);
    const usual = { queue: "default", priority: 5, runAt: start, uniqueKey: null, tags: [] };
    expect(enqueued).toEqual([
      {
        ...usual,
        id: "2",
        name: "child",
        payload: { of: "a" },
        runAt: start + minute,
        priority: 1,
        tags: ["x"],
      },
      { ...usual, id: "3", name: "child", payload: { of: "b" }, uniqueKey: "b" },
      { ...usual, id: "4", name: "child", payload: { of: "c" }, uniqueKey: "c" },
      { ...usual, id: "5", name: "by-name", payload: 7, queue: "tools" },
    ]);
  });

  test("the handler did not wait for are listed as well", async () => {
    const looked = createLatch();
    const pondered = defineJob({
      name: "pondered",
      payload: z.object({ of: z.string() }).refine(async () => looked.opened.then(() => true)),
    });
    const handler = child.handler((_, { enqueue }) => {
      void enqueue(pondered, { of: "late" });
      setTimeout(looked.open, 20);
    });
    const { enqueued } = await runJob(handler, { of: "a" });
    expect(enqueued).toMatchObject([{ payload: { of: "late" } }]);
  });
});

describe("job.transaction", () => {
  function fakeTransaction() {
    const statements: string[] = [];
    const tx: Transaction = {
      async query(sql) {
        statements.push(sql);
        return { rows: [], rowCount: 0 };
      },
    };
    return { tx, statements };
  }

  test("runs with the tx given, ends the job and keeps the children of its tx", async () => {
    const { tx, statements } = fakeTransaction();
    const handler = count.handler(async (_, { transaction, enqueue }) =>
      transaction(async (inside) => {
        await inside.query("DELETE FROM words");
        await enqueue(child, { of: "in" }, { tx: inside });
        return { words: 3 };
      }),
    );
    const run = await runJob(handler, payload, { tx });
    expect(run).toMatchObject({ how: "completed", result: { words: 3 } });
    expect(run.enqueued).toMatchObject([{ payload: { of: "in" } }]);
    expect(statements).toEqual(["DELETE FROM words"]);
  });

  test("that fails takes its children back, and the job fails", async () => {
    const { tx } = fakeTransaction();
    const handler = count.handler(async (_, { transaction, enqueue, client }) => {
      await client.transaction(async (inside) => {
        await enqueue(child, { of: "kept" }, { tx: inside });
      });
      return transaction(async (inside) => {
        await enqueue(child, { of: "rolled back" }, { tx: inside });
        throw new Error("rolled back");
      });
    });
    const run = await runJob(handler, payload, { tx });
    expect(run).toMatchObject({ how: "failed", error: { message: "rolled back" } });
    expect(run.enqueued).toMatchObject([{ payload: { of: "kept" } }]);
    expect(run.enqueued).toHaveLength(1);
  });

  test("using a library runs in what that opens, flushed before the job ends", async () => {
    const { tx } = fakeTransaction();
    const did: string[] = [];
    const using: TransactionOpener<Transaction> = {
      async open(fn) {
        did.push("open");
        return fn(tx);
      },
      async flush() {
        did.push("flush");
      },
    };
    const handler = count.handler(async (_, { transaction, enqueue }) =>
      transaction(
        async (inside) => {
          expect(inside).toBe(tx);
          did.push("run");
          await enqueue(child, { of: "in" }, { tx: inside });
          return { words: 3 };
        },
        { using },
      ),
    );
    const run = await runJob(handler, payload);
    expect(run).toMatchObject({ how: "completed", result: { words: 3 } });
    expect(run.enqueued).toMatchObject([{ payload: { of: "in" } }]);
    expect(did).toEqual(["open", "run", "flush"]);
  });

  test("without a tx given refuses its queries and says what to do", async () => {
    const handler = count.handler(async (_, { transaction }) =>
      transaction(async (tx) => {
        await tx.query("DELETE FROM words");
        return { words: 0 };
      }),
    );
    const message: unknown = expect.stringContaining("runJob has no database to answer tx.query");
    await expect(runJob(handler, payload)).resolves.toMatchObject({
      how: "failed",
      error: { code: "INVALID_OPTION", message },
    });
  });

  test("keeps its rules: a call without its tx is TRANSACTION_OPEN", async () => {
    const handler = count.handler(async (_, { transaction, enqueue }) =>
      transaction(async () => {
        await enqueue(child, { of: "outside" });
        return { words: 0 };
      }),
    );
    await expect(runJob(handler, payload)).resolves.toMatchObject({
      error: { code: "TRANSACTION_OPEN" },
    });
  });
});

describe("what cannot be", () => {
  test("a call only a database could answer is refused by name", async () => {
    const handler = child.handler(async (_, { client }) => {
      await expect(client.jobs.get("7")).rejects.toEqual(coded("INVALID_OPTION", "answer getJob"));
      await expect(client.handle("7").result({ timeout: "1m" })).rejects.toEqual(
        coded("INVALID_OPTION", "answer findEnds"),
      );
    });
    await expect(runJob(handler, { of: "a" })).resolves.toMatchObject({ state: "completed" });
  });

  test("an invalid payload is refused as enqueue would, before anything runs", async () => {
    const handler = count.handler(() => ({ words: 0 }));
    const wrong = { text: 1 } as never;
    await expect(runJob(handler, wrong)).rejects.toEqual(coded("PAYLOAD_INVALID", "text"));
  });

  test.each<[string, unknown, object]>([
    ["takes a handler", count, {}],
    ["attempt", child.handler(() => {}), { attempt: 0 }],
    ["checkpoint", child.handler(() => {}), { checkpoint: { at: 1n } }],
    ["an AbortSignal", child.handler(() => {}), { signal: {} }],
    ['no option "retries"', child.handler(() => {}), { retries: 1 }],
  ])("is told by code: %s", async (says, handler, options) => {
    const run = runJob(handler as ReturnType<typeof child.handler>, { of: "a" }, options);
    await expect(run).rejects.toEqual(coded("INVALID_OPTION", says));
  });
});
