import { describe, expect, test } from "vitest";
import { claimedJob } from "../../test/support/claimed-job.ts";
import { bucketOf } from "./histogram.ts";
import { settle } from "./lifecycle.ts";
import type { NewJob } from "./new-job.ts";
import type { Outcome } from "./outcome.ts";
import { linesOfNew, linesOfSettled } from "./stat-line.ts";
import { storeError } from "./stored-error.ts";
import { addTallyText, emptyTally, type Tally } from "./tally.ts";

/** A whole minute. */
const noon = 1_749_999_960_000;
const error = storeError(new Error("no"));

function read(text: string): Tally {
  const tally = emptyTally();
  addTallyText(tally, text);
  return tally;
}

/** What is counted of one attempt, all minutes together, without what is zero. */
function counted(outcome: Outcome, given: Parameters<typeof claimedJob>[0] = {}, rescued = false) {
  const job = claimedJob({ attempt: 1, runAt: noon, ...given });
  const facts = { now: noon + 1_000, random: 0, began: noon + 400 };
  const settlement = settle(job, outcome, facts);
  const lines = linesOfSettled([rescued ? { ...settlement, rescued } : settlement], facts.now);
  const { counts } = read(lines.map(({ tally }) => tally).join(" "));
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

describe("an attempt counts as", () => {
  const runAt = noon + 60_000;
  test.each<readonly [string, Outcome, object]>([
    ["completed", { kind: "completed" }, { completed: 1 }],
    ["rescheduled", { kind: "rescheduled", runAt }, { rescheduled: 1 }],
    ["snoozed", { kind: "snoozed", runAt }, { snoozed: 1 }],
    ["throttled", { kind: "throttled", runAt }, { snoozed: 1 }],
    ["released", { kind: "released" }, { snoozed: 1 }],
    ["failed", { kind: "failed", error }, { failed: 1, retried: 1 }],
    ["timed out", { kind: "timed-out", error }, { failed: 1, retried: 1 }],
    ["crashed", { kind: "crashed", error, maxCrashes: 3 }, { failed: 1, retried: 1 }],
    ["discarded", { kind: "discarded", error }, { failed: 1, discarded: 1 }],
    ["cancelled", { kind: "cancelled", why: "so", by: null }, { cancelled: 1 }],
  ])("%s", (_, outcome, expected) => {
    expect(counted(outcome)).toEqual({ started: 1, ...expected });
  });

  test("failed and discarded when it was the last, and retried when it is due again at once", () => {
    expect(counted({ kind: "failed", error }, { attempt: 20 })).toEqual({
      started: 1,
      failed: 1,
      discarded: 1,
    });
    expect(counted({ kind: "failed", error, delayMs: 0 })).toMatchObject({ retried: 1 });
  });

  test("rescued too when its worker had died, and then also without having begun", () => {
    const crashed = { kind: "crashed", error, maxCrashes: 3 } as const;
    expect(counted(crashed, {}, true)).toEqual({ started: 1, failed: 1, retried: 1, rescued: 1 });
    expect(counted({ kind: "released" }, { started: false }, true)).toEqual({ rescued: 1 });
  });

  test("nothing when the job is given back before it began", () => {
    expect(counted({ kind: "released" }, { started: false })).toEqual({});
    const earlier = claimedJob({ started: false, attempts: [attempt(3)] });
    const facts = { now: noon, random: 0, began: noon };
    expect(linesOfSettled([settle(earlier, { kind: "released" }, facts)], noon)).toEqual([]);
  });
});

function attempt(run: number) {
  return { number: 1, run, worker: "7", began: noon, ended: noon, how: "failed" } as const;
}

describe("lines", () => {
  const done = { kind: "completed" } as const;

  test("say the start in the minute of the start, with what was waited, and the rest in the minute of the end", () => {
    const job = claimedJob({ runAt: noon + 9_000 });
    const facts = { now: noon + 130_000, random: 0, began: noon + 59_000 };
    expect(linesOfSettled([settle(job, done, facts)], facts.now)).toEqual([
      { at: noon, queue: "default", name: "report", tally: `s1 w${bucketOf(50_000)}:1` },
      { at: noon + 120_000, queue: "default", name: "report", tally: `c1 r${bucketOf(71_000)}:1` },
    ]);
  });

  test("are one for each minute, queue and name, however many jobs there are, in whatever order", () => {
    const facts = { now: noon + 7, random: 0, began: noon + 3 };
    const jobs = Array.from({ length: 12 }, (_, n) =>
      claimedJob({ queue: `q${n % 2}`, name: `n${n % 3}`, runAt: noon }),
    );
    const lines = linesOfSettled(
      jobs.map((job) => settle(job, done, facts)),
      facts.now,
    );
    expect(lines).toHaveLength(6);
    expect(new Set(lines.map(({ tally }) => tally))).toEqual(
      new Set([`s2 c2 w${bucketOf(3)}:2 r${bucketOf(4)}:2`]),
    );
  });

  test("of new jobs count them in the minute they were made, also those due later", () => {
    const made = (createdAt: number, runAt = createdAt) =>
      ({ createdAt, runAt, queue: "q", name: "n" }) as NewJob;
    const jobs = [made(noon - 1), made(noon), made(noon + 59_999, noon + 1e9), made(noon - 60_000)];
    expect(linesOfNew(jobs)).toEqual([
      { at: noon - 60_000, queue: "q", name: "n", tally: "e2" },
      { at: noon, queue: "q", name: "n", tally: "e2" },
    ]);
  });

  test("are none for settlements that do not say whose they are", () => {
    const { job: _, ...settlement } = settle(claimedJob(), done, {
      now: noon,
      random: 0,
      began: noon,
    });
    expect(linesOfSettled([settlement], noon)).toEqual([]);
  });
});
