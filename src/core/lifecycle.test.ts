import { describe, expect, test } from "vitest";
import { claimedJob, now, policy } from "../../test/support/claimed-job.ts";
import { retryDelay } from "./backoff.ts";
import { cancelReason, crashLimit, failureLevel, type SettleFacts, settle } from "./lifecycle.ts";
import type { Outcome } from "./outcome.ts";
import type { RetryPolicy } from "./retry-policy.ts";

const facts: SettleFacts = { now, random: 0.5, began: now - 100 };
const error = { name: "Error", message: "no luck" };
const failed: Outcome = { kind: "failed", error };
const timedOut: Outcome = { kind: "timed-out", error };
const crashed: Outcome = { kind: "crashed", error, maxCrashes: 3 };
const ranLong = { ...facts, began: now - 3_600_000 };

describe("a returned result", () => {
  test("completes the job, whatever cancel was asked for in between", () => {
    expect(settle(claimedJob(), { kind: "completed", result: '{"a":1}' }, facts)).toMatchObject({
      to: "completed",
      result: '{"a":1}',
      runAt: null,
      reason: null,
      unlessCancelRequested: false,
    });
  });

  test("left out keeps what setResult stored", () => {
    expect(settle(claimedJob(), { kind: "completed" }, facts)).not.toHaveProperty("result");
  });
});

describe("retry delay", () => {
  test("a failed attempt is retried after the backoff of its number, which is kept for the reset rule", () => {
    expect(settle(claimedJob({ attempt: 4 }), failed, facts)).toMatchObject({
      to: "retryable",
      runAt: now + 8_000,
      backoffMs: 8_000,
      attempt: 4,
      crashes: 0,
      reason: null,
    });
  });

  test("the delay uses the random number given", () => {
    const spread = policy({ jitter: 0.2 });
    const settled = settle(claimedJob({ policy: spread }), failed, { ...facts, random: 0 });
    expect(settled.backoffMs).toBe(retryDelay(spread, 4, 0));
  });

  test("a delay chosen by a backoff function is taken as it is", () => {
    expect(settle(claimedJob(), { ...failed, delayMs: 7 }, facts)).toMatchObject({
      runAt: now + 7,
      backoffMs: 7,
    });
  });

  test("a delay of zero makes the job available at once", () => {
    expect(settle(claimedJob(), { ...timedOut, delayMs: 0 }, facts)).toMatchObject({
      to: "available",
      runAt: now,
    });
  });

  test("attempts counts total runs: the last one discards the job", () => {
    const last = settle(claimedJob({ attempt: 20 }), failed, facts);
    expect(last).toMatchObject({
      to: "discarded",
      reason: { code: "ATTEMPTS_EXHAUSTED", message: "All 20 attempts failed." },
    });
    expect(settle(claimedJob({ attempt: 19 }), failed, facts).to).toBe("retryable");
  });

  test("attempts of 1 means no retry", () => {
    const once = claimedJob({ attempt: 1, backoffMs: 0, policy: policy({ attempts: 1 }) });
    expect(settle(once, failed, facts)).toMatchObject({
      to: "discarded",
      reason: { message: "The only attempt failed." },
    });
  });

  test("unlimited attempts never end", () => {
    const forever = policy({ attempts: null });
    for (const attempt of [1, 1_000, 1_000_000]) {
      const settled = settle(claimedJob({ attempt, policy: forever }), timedOut, facts);
      expect(settled.to).toBe("retryable");
      expect(settled.backoffMs).toBeLessThanOrEqual(3_600_000);
    }
  });
});

describe("attempt reset", () => {
  test("a failed attempt that ran longer than resetAfter times the backoff before it counts as attempt 1 again", () => {
    const settled = settle(claimedJob(), failed, { ...facts, began: now - 12_001 });
    expect(settled).toMatchObject({ attempt: 1, backoffMs: 1_000, runAt: now + 1_000 });
    expect(settle(claimedJob(), failed, { ...facts, began: now - 12_000 }).attempt).toBe(4);
  });

  test("is checked before the limit", () => {
    expect(settle(claimedJob({ attempt: 20 }), failed, ranLong)).toMatchObject({
      to: "retryable",
      attempt: 1,
    });
  });

  test("does not count waiting in the queue", () => {
    const waited = claimedJob({ createdAt: 0, runAt: 0, claimedAt: now - 3_600_000 });
    expect(settle(waited, failed, facts).attempt).toBe(4);
  });

  test("never happens after a crash or timeout", () => {
    expect(settle(claimedJob(), timedOut, ranLong).attempt).toBe(4);
    expect(settle(claimedJob(), crashed, ranLong).attempt).toBe(4);
    expect(settle(claimedJob({ attempt: 20 }), timedOut, ranLong).to).toBe("discarded");
  });
});

describe("failure level", () => {
  const level = (attempt: number, settings: Partial<RetryPolicy> = {}, world = facts) => {
    const one = claimedJob({ attempt, policy: policy(settings) });
    return failureLevel(one, settle(one, failed, world));
  };

  test("is WARN for attempts below warnAttempts and ERROR from there on", () => {
    expect([1, 2, 3, 4].map((attempt) => level(attempt))).toEqual([
      "warn",
      "warn",
      "error",
      "error",
    ]);
  });

  test("is ERROR always when terminal", () => {
    expect(level(1, { attempts: 1 })).toBe("error");
    expect(level(1, { attempts: 1, warnAttempts: null })).toBe("error");
  });

  test("is WARN for every retry when warnAttempts is null", () => {
    expect(level(19, { warnAttempts: null })).toBe("warn");
  });

  test("is WARN again once the attempt counts as the first again", () => {
    expect(level(10, {}, ranLong)).toBe("warn");
  });
});

describe("reschedule", () => {
  test("is a success: attempt goes back to 1 for the next run, crashes are forgotten", () => {
    const settled = settle(
      claimedJob({ crashes: 2 }),
      { kind: "rescheduled", runAt: now + 5 },
      facts,
    );
    expect(settled).toMatchObject({
      to: "scheduled",
      runAt: now + 5,
      attempt: 0,
      crashes: 0,
      backoffMs: 0,
      reason: null,
    });
    expect(settled).not.toHaveProperty("result");
  });

  test("to now or the past makes it available at once", () => {
    expect(settle(claimedJob(), { kind: "rescheduled", runAt: now }, facts).to).toBe("available");
    expect(settle(claimedJob(), { kind: "rescheduled", runAt: 0 }, facts).to).toBe("available");
  });
});

describe("snooze, throttle and release", () => {
  test.each(["snoozed", "throttled"] as const)(
    "%s spends no attempt and keeps the backoff before it",
    (kind) => {
      expect(settle(claimedJob({ crashes: 1 }), { kind, runAt: now + 5 }, facts)).toMatchObject({
        to: "scheduled",
        runAt: now + 5,
        attempt: 3,
        backoffMs: 4_000,
        crashes: 0,
      });
    },
  );

  test("released spends nothing and is available at once", () => {
    expect(settle(claimedJob({ crashes: 2 }), { kind: "released" }, facts)).toMatchObject({
      to: "available",
      runAt: now,
      attempt: 3,
      backoffMs: 4_000,
      crashes: 2,
    });
  });

  test("a release before the handler started is no attempt", () => {
    expect(settle(claimedJob({ started: false }), { kind: "released" }, facts).attempts).toEqual(
      [],
    );
    expect(settle(claimedJob(), { kind: "released" }, facts).attempts).toHaveLength(1);
  });

  test("a job given back and claimed again has the number it had", () => {
    const given = settle(claimedJob({ attempt: 4 }), { kind: "snoozed", runAt: now + 1 }, facts);
    expect(given.attempt + 1).toBe(4);
  });
});

describe("crash accounting", () => {
  test("a job that had started is charged a crash and comes back through backoff", () => {
    expect(settle(claimedJob({ crashes: 1 }), crashed, facts)).toMatchObject({
      to: "retryable",
      runAt: now + 8_000,
      crashes: 2,
      attempt: 4,
    });
  });

  test("a job claimed but not started comes back at once with nothing spent", () => {
    expect(settle(claimedJob({ crashes: 1, started: false }), crashed, facts)).toMatchObject({
      to: "available",
      runAt: now,
      crashes: 1,
      attempt: 3,
      backoffMs: 4_000,
      attempts: [],
    });
  });

  test("after maxCrashes crashes in a row it is discarded as CRASH_LOOP", () => {
    expect(settle(claimedJob({ crashes: 2 }), crashed, facts)).toMatchObject({
      to: "discarded",
      crashes: 3,
      reason: {
        code: "CRASH_LOOP",
        message: "The process died 3 times in a row while running this job.",
      },
    });
  });

  test("an unlimited maxCrashes never discards, the limit of attempts still does", () => {
    const unlimited: Outcome = { ...crashed, maxCrashes: -1 };
    expect(settle(claimedJob({ crashes: 1_000 }), unlimited, facts).to).toBe("retryable");
    expect(settle(claimedJob({ crashes: 1_000, attempt: 20 }), unlimited, facts)).toMatchObject({
      to: "discarded",
      reason: { code: "ATTEMPTS_EXHAUSTED" },
    });
  });

  test("any attempt that ends by itself breaks the row of crashes", () => {
    const twice = claimedJob({ crashes: 2 });
    for (const outcome of [failed, timedOut, { kind: "snoozed", runAt: now } as const]) {
      expect(settle(twice, outcome, facts).crashes).toBe(0);
    }
  });

  test("the limit is the job's own, else the rescuing worker's, else 3; Infinity is unlimited", () => {
    expect(crashLimit(claimedJob({ policy: policy({ maxCrashes: 5 }) }), 9)).toBe(5);
    expect(crashLimit(claimedJob({ policy: policy({ maxCrashes: -1 }) }), 9)).toBe(-1);
    expect(crashLimit(claimedJob(), 9)).toBe(9);
    expect(crashLimit(claimedJob(), Number.POSITIVE_INFINITY)).toBe(-1);
    expect(crashLimit(claimedJob(), undefined)).toBe(3);
  });
});

describe("cancel and discard", () => {
  test("a cancel ends the job with who and why", () => {
    const settled = settle(claimedJob(), { kind: "cancelled", why: "obsolete", by: "ann" }, facts);
    expect(settled).toMatchObject({
      to: "cancelled",
      reason: { code: "JOB_CANCELLED", message: "obsolete", by: "ann" },
      unlessCancelRequested: false,
    });
    expect(cancelReason("obsolete", null)).toEqual({ code: "JOB_CANCELLED", message: "obsolete" });
  });

  test("a discard gives up at once, whatever attempts are left, with its code", () => {
    expect(settle(claimedJob({ attempt: 1 }), { kind: "discarded", error }, facts)).toMatchObject({
      to: "discarded",
      reason: { code: "JOB_DISCARDED", message: "no luck" },
    });
    const invalid: Outcome = { kind: "discarded", error, code: "PAYLOAD_INVALID" };
    expect(settle(claimedJob(), invalid, facts).reason?.code).toBe("PAYLOAD_INVALID");
  });
});

describe("a job with gates", () => {
  const gates = [{ gate: "lane:a", weight: 1 }];
  const gated = claimedJob({ gates });

  test.each([
    ["rescheduled for now", { kind: "rescheduled", runAt: now } as const],
    ["snoozed for no time", { kind: "snoozed", runAt: now - 1 } as const],
    ["failed, to be retried at once", { ...failed, delayMs: 0 }],
    ["timed out, to be retried at once", { ...timedOut, delayMs: 0 }],
  ])("%s queues up at them anew, and says which they are", (_, outcome) => {
    expect(settle(gated, outcome, facts)).toMatchObject({ to: "blocked", gates });
    expect(settle(claimedJob(), outcome, facts).to).toBe("available");
  });

  test("given back or rescued before it started, it stays let in", () => {
    expect(settle(gated, { kind: "released" }, facts).to).toBe("available");
    expect(settle({ ...gated, started: false }, crashed, facts).to).toBe("available");
  });

  test("names them however it ends, so that others are let in", () => {
    const ends: Outcome[] = [{ kind: "completed", result: "1" }, failed, crashed];
    for (const outcome of ends) expect(settle(gated, outcome, facts).gates).toBe(gates);
    expect(settle(gated, { kind: "completed", result: "1" }, facts).result).toBe("1");
    expect(settle(claimedJob(), { kind: "completed" }, facts)).not.toHaveProperty("gates");
  });
});

describe("a backoff set for the queue", () => {
  const backoff = { minMs: 7_000, maxMs: 7_000, factor: 1, jitter: 0 };

  test.each([
    ["a failure", { kind: "failed", error }],
    ["a failure whose definition chose its delay", { kind: "failed", error, delayMs: 1 }],
    ["a crash", { kind: "crashed", error, maxCrashes: 3 }],
  ] as const)("decides when a job comes back after %s", (_, outcome) => {
    const settled = settle(claimedJob({ attempt: 1 }), outcome, {
      now,
      random: 0.9,
      began: now,
      backoff,
    });
    expect(settled).toMatchObject({ to: "retryable", runAt: now + 7_000, backoffMs: 7_000 });
  });
});
