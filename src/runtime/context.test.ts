import { expect, test } from "vitest";
import { claimedJob, now } from "../../test/support/claimed-job.ts";
import { coded } from "../../test/support/coded.ts";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import type { Client } from "../core/client.ts";
import { defineJob } from "../core/define-job.ts";
import type { NewLogLine } from "../core/log-line.ts";
import type { JobContext } from "../core/job-context.ts";
import { createTransactionGuard } from "../service/transaction-guard.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createAbort } from "./abort.ts";
import type { Attempt } from "./attempt.ts";
import { createContext } from "./context.ts";
import { createEndingLatch } from "./ending-latch.ts";

function setUp(leased = true) {
  const clock = createManualClock(now);
  const abort = createAbort();
  const log = recordingLogger();
  const ending = createEndingLatch(clock);
  const job = claimedJob({ checkpoint: '{"step":1}', tags: ["a"] });
  const handler = defineJob({ name: "report" }).handler(() => {});
  const attempt: Attempt = { job, handler, abort, ending, clock, began: now, span: undefined };
  const patches: unknown[] = [];
  const lines: NewLogLine[] = [];
  const enqueued: unknown[] = [];
  const client = {
    enqueue: async (...given: unknown[]) => enqueued.push(given),
    enqueueMany: async (...given: unknown[]) => enqueued.push(given),
  } as unknown as Client;
  const parts = {
    client,
    clock,
    logger: log,
    jobLog: { add: (line: NewLogLine) => lines.push(line) },
    services: { greet: "hello" },
    worker: { id: "7", host: "here", bootId: "b" },
    guard: createTransactionGuard(),
    transaction: () => async () => "transacted" as never,
  };
  const context: JobContext = createContext(attempt, parts, async (lease, patch) => {
    patches.push({ lease, patch });
    return leased;
  });
  return { context, abort, ending, log, lines, patches, enqueued, client };
}

test("says whose job it is, where it runs and with what", () => {
  const { context, client } = setUp();
  expect(context).toMatchObject({
    id: "1",
    name: "report",
    queue: "default",
    attempt: 4,
    run: 9,
    tags: ["a"],
    services: { greet: "hello" },
    worker: { id: "7", host: "here", bootId: "b" },
  });
  expect(context.client).toBe(client);
  expect(context.clock.now()).toBe(now);
});

test("a handler may take it apart: every member works alone", async () => {
  const { context, abort, log, patches, enqueued } = setUp();
  const { signal, log: own, state, progress, setResult, enqueue, enqueueMany } = context;
  const { get, set } = state;
  const { info } = own;
  expect(get()).toEqual({ step: 1 });
  await set({ step: 2 });
  expect(get()).toEqual({ step: 2 });
  await progress(3);
  await setResult("four");
  const { lease } = claimedJob();
  expect(patches).toEqual([
    { lease, patch: { checkpoint: '{"step":2}' } },
    { lease, patch: { progress: "3" } },
    { lease, patch: { result: '"four"' } },
  ]);
  await enqueue("other", { n: 1 });
  const requests = [defineJob({ name: "other" }).request({ n: 2 })];
  await enqueueMany(requests);
  expect(enqueued).toEqual([["other", { n: 1 }], [requests]]);
  info({ page: 1 }, "rendered");
  expect(log.lines).toEqual([
    {
      level: "info",
      message: "rendered",
      fields: { job: "1", name: "report", attempt: 4, page: 1 },
    },
  ]);
  abort.abort({ kind: "shutdown", message: "going" });
  expect(signal.reason).toMatchObject({ kind: "shutdown" });
});

test("what a handler logs is kept with its job, but for what only helps to debug", () => {
  const { context, lines } = setUp();
  context.log.debug({}, "detail");
  context.log.info({ page: 1 }, "rendered");
  context.log.error({}, "torn");
  const where = { job: "1", run: 9, attempt: 4, at: now };
  expect(lines).toEqual([
    { ...where, line: 0, place: 0, level: "info", message: "rendered", fields: '{"page":1}' },
    { ...where, line: 1, place: 1, level: "error", message: "torn", fields: null },
  ]);
});

type Verb = keyof Pick<
  JobContext,
  "rescheduleIn" | "rescheduleAt" | "rescheduleNow" | "snooze" | "throttle" | "cancel" | "discard"
>;

test.each([
  ["rescheduleIn", "1s", { kind: "rescheduled", runAt: now + 1_000 }],
  ["rescheduleAt", now + 5, { kind: "rescheduled", runAt: now + 5 }],
  ["rescheduleNow", undefined, { kind: "rescheduled", runAt: now }],
  ["snooze", "2s", { kind: "snoozed", runAt: now + 2_000 }],
  ["throttle", "3s", { kind: "throttled", retryAfterMs: 3_000 }],
  ["cancel", "why", { kind: "cancelled", why: "why" }],
  ["discard", "why", { kind: "discarded", why: "why" }],
] as const)("so does the ending %s", (verb: Verb, given, chosen) => {
  const { context, ending } = setUp();
  const { [verb]: choose } = context;
  (choose as (given: unknown) => unknown)(given);
  expect(ending.chosen).toEqual(chosen);
});

test("and the transaction", async () => {
  const { transaction } = setUp().context;
  await expect(transaction(async () => "fn")).resolves.toBe("transacted");
});

test("its members stay the same however often they are looked at", () => {
  const { context } = setUp();
  for (const name of ["signal", "log", "state", "progress", "enqueue", "transaction", "snooze"]) {
    const [first, second] = [Reflect.get(context, name), Reflect.get(context, name)] as unknown[];
    expect(first).toBe(second);
  }
});

test("a signal first read after the abort is aborted already, with the reason", () => {
  const { context, abort } = setUp();
  abort.abort({ kind: "timeout", message: "too slow" });
  expect(context.signal.aborted).toBe(true);
  expect(context.signal.reason).toEqual(coded("TIMED_OUT", "too slow"));
});

test("a write after the lease is lost says so and aborts the signal, also one nobody has read yet", async () => {
  const { context } = setUp(false);
  await expect(context.progress(1)).rejects.toEqual(coded("LEASE_LOST"));
  expect(context.signal.reason).toMatchObject({ kind: "lease-lost" });
  await expect(context.state.set(2)).rejects.toEqual(coded("LEASE_LOST"));
  expect(context.state.get()).toEqual({ step: 1 });
});
