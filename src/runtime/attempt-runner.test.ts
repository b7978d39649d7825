import { describe, expect, test } from "vitest";
import { claimedJob, now, policy } from "../../test/support/claimed-job.ts";
import { coded } from "../../test/support/coded.ts";
import { createLatch } from "../../test/support/latch.ts";
import { type RecordingLogger, recordingLogger } from "../../test/support/recording-logger.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import { defineJob, type HandlerFunction } from "../core/define-job.ts";
import type { JobContext } from "../core/job-context.ts";
import type { Settlement } from "../core/settlement.ts";
import { createTransactionGuard } from "../service/transaction-guard.ts";
import type { SettleAnswer } from "../storage/contract/settle.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { type AttemptRunnerParts, createAttemptRunner } from "./attempt-runner.ts";
import { createSlots, type Slots } from "./slots.ts";
import { createVitalSigns, readVitalSigns, type VitalSignsReader } from "./vital-signs.ts";

type Handler = HandlerFunction<unknown, unknown, unknown>;

interface Bench {
  readonly clock: ManualClock;
  readonly slots: Slots;
  readonly signs: VitalSignsReader;
  readonly log: RecordingLogger;
  readonly settlements: readonly Settlement[];
  run(job?: Partial<ClaimedJob>): Promise<void>;
}

/** A runner of one handler, whose settlements are kept and answered in turn, the last answer again and again. */
function bench(handler: Handler, ...answers: readonly (SettleAnswer | Error)[]): Bench {
  const clock = createManualClock(now);
  const log = recordingLogger();
  const slots = createSlots(4, new Map([["default", 4]]));
  const vitalSigns = createVitalSigns(4);
  const guard = createTransactionGuard();
  const settlements: Settlement[] = [];
  const runner = createAttemptRunner({
    engine: { clock, logger: log, storage: {}, guard },
    handlers: new Map([["report", defineJob({ name: "report" }).handler(handler)]]),
    slots,
    vitalSigns,
    settler: {
      async settle(settlement: Settlement) {
        const answer = answers[settlements.length] ?? answers.at(-1) ?? { outcome: "settled" };
        settlements.push(settlement);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    context: {
      client: { enqueue() {}, enqueueMany() {} },
      clock,
      logger: log,
      jobLog: { add() {} },
      guard,
    },
    graceMs: 200,
    random: () => 0.5,
    backoffOf: () => undefined,
  } as unknown as AttemptRunnerParts);
  return {
    clock,
    slots,
    signs: readVitalSigns(vitalSigns.buffer),
    log,
    settlements,
    run: (job) => runner.run(claimedJob({ attempt: 1, backoffMs: 0, ...job })),
  };
}

const timed = (timeoutMs: number | null): Partial<ClaimedJob> => ({
  policy: policy({ timeoutMs, attempts: 5 }),
});

function aborted({ signal }: JobContext): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

test("a job is settled with what its handler came to, and its slot freed", async () => {
  const { run, settlements, slots, signs } = bench((payload) => payload);
  const running = run({ payload: '{"n":1}', lease: { id: "42", owner: "7", run: 9 } });
  expect(slots.running()).toHaveLength(1);
  expect(signs.jobIds()).toEqual(["42"]);
  await running;
  expect(settlements).toMatchObject([
    { to: "completed", result: '{"n":1}', attempts: [{ how: "completed", run: 9 }] },
  ]);
  expect(slots.running()).toEqual([]);
  expect(signs.jobIds()).toEqual([]);
});

test("whatever a handler throws, also at once, is one failed attempt", async () => {
  const { run, settlements } = bench(() => {
    throw new Error("no");
  });
  await run();
  expect(settlements).toMatchObject([{ to: "retryable", attempts: [{ how: "failed" }] }]);
});

describe("a timeout", () => {
  test("passes by the injected clock, however late the handler looks at its signal", async () => {
    const looks = createLatch();
    const seen: unknown[] = [];
    const { run, clock, settlements } = bench(async (_, job) => {
      await looks.opened;
      seen.push(job.signal.aborted, job.signal.reason);
    });
    const running = run(timed(3_600_000));
    await clock.advance("1h");
    looks.open();
    await running;
    expect(seen).toEqual([true, coded("TIMED_OUT", "longer than 1h")]);
    expect(settlements).toMatchObject([{ to: "retryable", attempts: [{ how: "timed-out" }] }]);
  });

  test("is each attempt's own, whichever was begun first", async () => {
    const { run, clock, settlements } = bench(async (_, job) => aborted(job));
    const slow = run({ ...timed(300), lease: { id: "1", owner: "7", run: 1 } });
    const quick = run({ ...timed(100), lease: { id: "2", owner: "7", run: 1 } });
    await clock.advance(100);
    await quick;
    expect(settlements.map(({ lease }) => lease.id)).toEqual(["2"]);
    await clock.advance(200);
    await slow;
    expect(settlements.map(({ lease }) => lease.id)).toEqual(["2", "1"]);
  });

  test("frees the slot of a deaf handler after the grace, and nothing it does later is settled", async () => {
    const wake = createLatch();
    const { run, clock, settlements, slots, log } = bench(async () => wake.opened);
    const running = run(timed(50));
    await clock.advance(50);
    expect(slots.running()).toHaveLength(1);
    expect(settlements).toEqual([]);
    await running;
    expect(slots.running()).toEqual([]);
    expect(settlements).toMatchObject([{ attempts: [{ how: "timed-out" }] }]);
    expect(log.lines[0]?.message).toContain("ignored its signal");
    wake.open();
    await new Promise(setImmediate);
    expect(settlements).toHaveLength(1);
  });

  test("leaves an attempt alone that is over before it", async () => {
    const { run, clock, settlements, slots } = bench(async () => {});
    const slot = (): unknown => slots.running()[0]?.abort;
    const running = run(timed(50));
    const abort = slot();
    await running;
    await clock.advance("1h");
    expect(abort).toMatchObject({ reason: undefined });
    expect(settlements).toMatchObject([{ to: "completed" }]);
  });

  test("is none when the policy has none", async () => {
    const wake = createLatch();
    const { run, clock, signs, settlements } = bench(async () => wake.opened);
    const running = run(timed(null));
    await clock.advance("52w");
    expect(signs.earliestDeadline()).toBe(Number.POSITIVE_INFINITY);
    wake.open();
    await running;
    expect(settlements).toMatchObject([{ to: "completed" }]);
  });
});

describe("an abort", () => {
  test("gives a handler the grace to obey", async () => {
    const { run, slots, settlements, log } = bench(async (_, job) => {
      await aborted(job);
      await new Promise((resolve) => setTimeout(resolve, 5));
      job.signal.throwIfAborted();
    });
    const running = run();
    slots.running()[0]?.abort.abort({ kind: "shutdown", message: "going" });
    await running;
    expect(settlements).toMatchObject([{ to: "available", attempts: [{ how: "released" }] }]);
    expect(log.lines).toEqual([]);
  });

  test("that comes while the handler is called counts like any other", async () => {
    const { run, settlements, slots } = bench(() => {
      slots.running()[0]?.abort.abort({ kind: "cancel", message: "stop", by: "ops" });
      return new Promise(() => {});
    });
    await run();
    expect(settlements).toMatchObject([
      { to: "cancelled", reason: { message: "stop", by: "ops" } },
    ]);
  });

  test("for a lost lease settles nothing", async () => {
    const { run, settlements, slots, log } = bench(async (_, job) => aborted(job));
    const running = run();
    slots.running()[0]?.abort.abort({ kind: "lease-lost", message: "gone" });
    await running;
    expect(settlements).toEqual([]);
    expect(log.lines).toMatchObject([{ level: "warn", fields: { code: "LEASE_LOST" } }]);
  });
});

describe("storage's answer", () => {
  const request = { why: "stop", by: "ops", at: now };

  test("cancel-requested makes the attempt a cancelled one", async () => {
    const { run, settlements } = bench(
      async (_, job) => job.snooze("1h"),
      { outcome: "cancel-requested", request },
      { outcome: "settled" },
    );
    await run();
    expect(settlements.map(({ to }) => to)).toEqual(["scheduled", "cancelled"]);
  });

  test("lease-lost is logged and nothing is written again", async () => {
    const { run, settlements, log } = bench(async () => {}, { outcome: "lease-lost" });
    await run();
    expect(settlements).toHaveLength(1);
    expect(log.lines).toMatchObject([{ level: "warn", fields: { code: "LEASE_LOST" } }]);
  });

  test("a refusal makes it a failed attempt, and both are tried in turn until one is taken", async () => {
    const refusal = new Error("disk full");
    const answers = [refusal, refusal, refusal, { outcome: "settled" }] as const;
    const { run, settlements, log } = bench(async () => {}, ...answers);
    await run();
    expect(settlements.map(({ to }) => to)).toEqual([
      "completed",
      "retryable",
      "completed",
      "retryable",
    ]);
    expect(log.said("storage refused the outcome; the attempt has failed")).toHaveLength(2);
    expect(log.said("attempt failed")).toHaveLength(1);
  });
});
