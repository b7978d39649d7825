import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plan, record } from "../../test/support/schedule-record.ts";
import { HoldfastError } from "./errors.ts";
import { type DueFacts, failed, fireDue, fired } from "./schedule-decision.ts";
import type { SchedulePlan } from "./schedule-plan.ts";
import { steadyTicks } from "./schedule-ticks.ts";

const minute = 60_000;
const hour = 60 * minute;

/** A schedule of every ten minutes whose tick of 1:00 is next, as it fires at a moment. */
function fire(now: number, given: Partial<SchedulePlan> = {}, busy = false) {
  const facts: DueFacts = { now, next: steadyTicks(10 * minute, 0), busy };
  return fireDue(record({ nextAt: hour, dueAt: hour }), plan(given), facts);
}

describe("a tick in time", () => {
  test.each([0, 1, 50, minute])("makes one job, %i ms late", (lateMs) => {
    const { ticks, jobs, to, dropped } = fire(hour + lateMs);
    expect(ticks).toEqual([hour]);
    expect(jobs).toMatchObject([
      {
        name: "work",
        runAt: hour,
        createdAt: hour + lateMs,
        tags: ["mail", "schedule:digest", "tick:1970-01-01T01:00:00.000Z"],
      },
    ]);
    expect(to).toMatchObject({ lastAt: hour, nextAt: hour + 10 * minute, dueAt: to.nextAt });
    expect(dropped).toBe(false);
  });

  test.each(["skip", "once", "all"] as const)(
    "all of the last minute make one each: %s",
    (missed) => {
      const facts = { now: hour + 45_000, next: steadyTicks(1_000, 0), busy: false };
      const { ticks } = fireDue(record({ nextAt: hour, dueAt: hour }), plan({ missed }), facts);
      expect(ticks).toHaveLength(46);
    },
  );
});

describe("missed ticks", () => {
  const late = 2 * hour + 5 * minute;
  const lastMissed = 2 * hour;

  test("skip: none makes a job, and that is told", () => {
    const { ticks, to, dropped } = fire(late, { missed: "skip" });
    expect(ticks).toEqual([]);
    expect(to).toMatchObject({
      lastAt: lastMissed,
      lastOutcome: "missed",
      nextAt: lastMissed + 10 * minute,
    });
    expect(dropped).toBe(true);
  });

  test("once: the newest stands for all", () => {
    expect(fire(late, { missed: "once" })).toMatchObject({ ticks: [lastMissed], dropped: true });
    expect(fire(hour + 5 * minute, { missed: "once" })).toMatchObject({
      ticks: [hour],
      dropped: false,
    });
  });

  test("once: one that is in time stands for all", () => {
    expect(fire(lastMissed + minute, { missed: "once" }).ticks).toEqual([lastMissed]);
  });

  test("all: each makes a job, the newest where they are too many", () => {
    expect(fire(late, { missed: "all" })).toMatchObject({ ticks: { length: 7 }, dropped: false });
    const few = fire(lastMissed, { missed: "all", maxMissed: 2 });
    expect(few.ticks).toEqual([lastMissed - 20 * minute, lastMissed - 10 * minute, lastMissed]);
    expect(few.dropped).toBe(true);
  });
});

describe("where jobs may not overlap", () => {
  const overlap = "skip";

  test("a tick passes while the last job has not finished", () => {
    const { ticks, jobs, to } = fire(hour, { overlap }, true);
    expect({ ticks, jobs }).toEqual({ ticks: [], jobs: [] });
    expect(to).toMatchObject({ lastAt: hour, lastOutcome: "overlap", nextAt: hour + 10 * minute });
  });

  test("of several the newest makes the job", () => {
    expect(fire(2 * hour, { overlap, missed: "all" }).ticks).toEqual([2 * hour]);
  });
});

test("a rule that ends has no next tick", () => {
  const once = (after: number) => (after < hour ? hour : null);
  const facts = { now: hour, next: once, busy: false };
  expect(fireDue(record({ nextAt: hour }), plan(), facts)).toMatchObject({
    ticks: [hour],
    to: { nextAt: null, dueAt: null },
  });
});

test("a stored tick that is none any more fires nothing and is left behind", () => {
  const facts = { now: hour, next: steadyTicks(7 * hour, 0), busy: false };
  const { ticks, to } = fireDue(record({ nextAt: hour, lastAt: 5 }), plan(), facts);
  expect(ticks).toEqual([]);
  expect(to).toMatchObject({ nextAt: 7 * hour, lastAt: 5 });
});

test("a schedule without a next tick has nothing to do", () => {
  const facts = { now: hour + 1, next: steadyTicks(10 * minute, 0), busy: false };
  expect(fireDue(record({ nextAt: null }), plan(), facts).ticks).toEqual([]);
});

const hops = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 30 });
const policies = fc.constantFrom("skip" as const, "once" as const, "all" as const);
const steps = fc.constantFrom(1_000, 7_000, 60_000, 90_000);

test("incidents 24, 27 and 29: whenever it is looked at, early, late or after an outage, no tick makes two jobs, and none in time makes none", () => {
  fc.assert(
    fc.property(hops, policies, steps, (pauses, missed, everyMs) => {
      const next = steadyTicks(everyMs, 0);
      let state = record({ nextAt: next(0), dueAt: next(0) });
      const made: number[] = [];
      let now = 0;
      for (const pause of pauses) {
        const before = now;
        now += pause;
        if (state.nextAt === null || state.nextAt > now) continue;
        const { ticks, to } = fireDue(state, plan({ missed, maxMissed: 1_000 }), {
          now,
          next,
          busy: false,
        });
        const inTime = Array.from({ length: 61 }, (_, s) => now - s * 1_000)
          .map((moment) => moment - (moment % everyMs))
          .filter((tick) => tick > before && tick >= now - minute && tick > 0);
        expect(ticks).toEqual(expect.arrayContaining([...new Set(inTime)]));
        made.push(...ticks);
        state = to;
        expect(state.nextAt).toBe(next(now));
      }
      expect(made).toEqual([...new Set(made)].sort((a, b) => a - b));
      if (missed === "all" && now > 0)
        expect(made.length).toBe(Math.floor(((state.nextAt ?? 0) - everyMs) / everyMs));
    }),
  );
});

describe("afterwards", () => {
  test("the schedule knows its newest job, and is well again", () => {
    const to = record({
      failure: { code: "X", message: "", at: 0, tries: 3 },
      lastOutcome: "missed",
    });
    const done = fired(to, [
      { id: "7", outcome: "enqueued" },
      { id: "8", outcome: "existing" },
    ]);
    expect(done).toMatchObject({ lastJob: "8", lastOutcome: "existing", failure: null });
    expect(fired(to, [])).toBe(to);
  });

  test("a failing one stays due, is tried again after a second, doubling to a minute, and says why", () => {
    let state = record({ nextAt: hour, dueAt: hour });
    const pauses = Array.from({ length: 8 }, (_, index) => {
      state = failed(state, new HoldfastError("UNIQUE_CONFLICT", "held"), hour);
      expect(state.failure).toEqual({
        code: "UNIQUE_CONFLICT",
        message: "held",
        at: hour,
        tries: index + 1,
      });
      return (state.dueAt ?? 0) - hour;
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(state.nextAt).toBe(hour);
  });

  test.each([
    [new TypeError("x".repeat(2_000)), "x".repeat(1_000)],
    ["text", "text"],
  ])("what is thrown by others is kept too", (error: unknown, message) => {
    expect(failed(record({}), error, 0).failure).toMatchObject({
      code: "SCHEDULE_FAILED",
      message,
    });
  });
});
