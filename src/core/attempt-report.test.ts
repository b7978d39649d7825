import { describe, expect, test } from "vitest";
import { claimedJob, now, policy } from "../../test/support/claimed-job.ts";
import { reportOf } from "./attempt-report.ts";
import type { ClaimedJob } from "./claimed-job.ts";
import { settle } from "./lifecycle.ts";
import type { Outcome } from "./outcome.ts";

const error = { name: "Error", message: "no" };
const failed: Outcome = { kind: "failed", error };

function report(outcome: Outcome, settings: Partial<ClaimedJob> = {}, began = now - 100) {
  const job = claimedJob(settings);
  return reportOf(job, outcome, settle(job, outcome, { now, random: 0.5, began }));
}

describe("the report of a failed attempt", () => {
  test("says that the job comes back, and when", () => {
    expect(report(failed)).toEqual({
      how: "failed",
      state: "retryable",
      error,
      level: "error",
      willRetry: true,
      delayMs: 8_000,
      reset: false,
    });
  });

  test("is a warning below warnAttempts, and says when the count begins anew", () => {
    const long = report(failed, {}, now - 12_001);
    expect(long).toMatchObject({ level: "warn", willRetry: true, delayMs: 1_000, reset: true });
  });

  test("is an error when none follows", () => {
    const last = report(failed, { policy: policy({ attempts: 4, warnAttempts: null }) });
    expect(last).toMatchObject({
      state: "discarded",
      level: "error",
      willRetry: false,
      delayMs: null,
      reset: false,
    });
  });

  test("says so of a retry that does not wait", () => {
    const atOnce = report({ ...failed, delayMs: 0 });
    expect(atOnce).toMatchObject({ state: "available", willRetry: true, delayMs: 0 });
  });
});

describe("the report of an attempt that did not fail", () => {
  test("has no error and no level", () => {
    expect(report({ kind: "completed" })).toEqual({
      how: "completed",
      state: "completed",
      error: null,
      level: null,
      willRetry: false,
      delayMs: null,
      reset: false,
    });
  });

  test.each([
    ["rescheduled", 4, true],
    ["rescheduled", 1, false],
    ["snoozed", 4, false],
  ] as const)(
    "says of one that was %s on attempt %i when it is due again",
    (kind, attempt, reset) => {
      const again = report({ kind, runAt: now + 500 }, { attempt });
      expect(again).toMatchObject({
        how: kind,
        state: "scheduled",
        willRetry: false,
        delayMs: 500,
        reset,
      });
    },
  );

  test("says nothing of a delay when a job is given back unstarted", () => {
    const released = report({ kind: "released" }, { started: false });
    expect(released).toMatchObject({ how: "released", state: "available", delayMs: null });
  });
});
