import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimedJob, now, policy } from "../../test/support/claimed-job.ts";
import { isFinished, jobStates } from "./job.ts";
import { failureLevel, settle, transitions } from "./lifecycle.ts";
import type { Outcome } from "./outcome.ts";

const error = { name: "Error", message: "no luck" };

describe("for every outcome, job and world", () => {
  const times = fc.integer({ min: 0, max: 2 * now });
  const stored = fc.constant(error);
  const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
    fc.record({ kind: fc.constant("completed" as const) }),
    fc.record({
      kind: fc.constantFrom("rescheduled" as const, "snoozed" as const, "throttled" as const),
      runAt: times,
    }),
    fc.record({ kind: fc.constantFrom("failed" as const, "timed-out" as const), error: stored }),
    fc.record({
      kind: fc.constantFrom("failed" as const, "timed-out" as const),
      error: stored,
      delayMs: fc.nat(),
    }),
    fc.record({
      kind: fc.constant("crashed" as const),
      error: stored,
      maxCrashes: fc.integer({ min: -1, max: 5 }),
    }),
    fc.record({
      kind: fc.constant("cancelled" as const),
      why: fc.string(),
      by: fc.option(fc.string()),
    }),
    fc.record({ kind: fc.constant("discarded" as const), error: stored }),
    fc.constant({ kind: "released" as const }),
  );
  const policies = fc
    .record({
      attempts: fc.option(fc.integer({ min: 1, max: 30 })),
      bounds: fc.tuple(fc.nat(100_000), fc.nat(100_000_000)),
      factor: fc.double({ min: 1, max: 100, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      warnAttempts: fc.option(fc.integer({ min: 1, max: 5 })),
      resetAfter: fc.double({ min: 0.1, max: 10, noNaN: true }),
    })
    .map(({ bounds, ...settings }) =>
      policy({ ...settings, minMs: Math.min(...bounds), maxMs: Math.max(...bounds) }),
    );
  const jobs = fc
    .record({
      attempt: fc.integer({ min: 1, max: 40 }),
      crashes: fc.nat(5),
      started: fc.boolean(),
      gates: fc.constantFrom([], [{ gate: "lane:a", weight: 1 }]),
      backoffMs: fc.nat(100_000),
      policy: policies,
    })
    .map(claimedJob);
  const worlds = fc.record({
    now: times,
    began: times,
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });

  test("the lifecycle never leaves the transition table, and every number it gives makes sense", () => {
    fc.assert(
      fc.property(jobs, outcomes, worlds, (one, outcome, world) => {
        const settled = settle(one, outcome, world);
        expect(transitions.running).toContain(settled.to);
        expect(settled.lease).toBe(one.lease);
        expect(Number.isSafeInteger(settled.attempt) && settled.attempt >= 0).toBe(true);
        expect(settled.attempt).toBeLessThanOrEqual(one.attempt);
        expect(Number.isSafeInteger(settled.backoffMs) && settled.backoffMs >= 0).toBe(true);
        expect(settled.crashes).toBeLessThanOrEqual(one.crashes + 1);
        expect(settled.runAt === null).toBe(isFinished(settled.to));
        expect(settled.reason === null).toBe(
          settled.to !== "cancelled" && settled.to !== "discarded",
        );
        const waits = settled.to === "scheduled" || settled.to === "retryable";
        expect(waits).toBe(settled.runAt !== null && settled.runAt > world.now);
        const gated = one.gates.length > 0;
        expect(settled.gates ?? []).toEqual(one.gates);
        if (settled.to === "blocked") expect(gated).toBe(true);
        const back = outcome.kind === "released" || (outcome.kind === "crashed" && !one.started);
        if (settled.to === "available") expect(back || !gated).toBe(true);
        expect(["warn", "error"]).toContain(failureLevel(one, settled));
        expect(settle(one, outcome, world)).toEqual(settled);
      }),
      { numRuns: 1_000 },
    );
  });

  test("only a returned result and a cancel win over a cancel request made in between", () => {
    fc.assert(
      fc.property(jobs, outcomes, worlds, (one, outcome, world) => {
        const wins = outcome.kind === "completed" || outcome.kind === "cancelled";
        expect(settle(one, outcome, world).unlessCancelRequested).toBe(!wins);
      }),
    );
  });

  test("an attempt that started is written down with its number, run, worker, times, end and error", () => {
    fc.assert(
      fc.property(jobs, outcomes, worlds, (one, outcome, world) => {
        const { attempts } = settle({ ...one, started: true }, outcome, world);
        expect(attempts).toEqual([
          {
            number: one.attempt,
            run: 9,
            worker: "7",
            began: world.began,
            ended: world.now,
            how: outcome.kind,
            ...("error" in outcome ? { error } : {}),
          },
        ]);
      }),
    );
  });
});

describe("the transition table", () => {
  test("names every state, leads only to states, and every state can be reached and finished", () => {
    expect(Object.keys(transitions).sort()).toEqual([...jobStates].sort());
    const reached = new Set(Object.values(transitions).flat());
    expect([...reached].sort()).toEqual([...jobStates].sort());
  });

  test("a finished job moves only by a retry by hand, and a completed one never", () => {
    expect(jobStates.filter(isFinished).map((state) => transitions[state])).toEqual([
      [],
      ["available", "blocked"],
      ["available", "blocked"],
    ]);
  });
});
