import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../../test/support/recording-logger.ts";
import { plan, record } from "../../../test/support/schedule-record.ts";
import { HoldfastError } from "../../core/errors.ts";
import type { ScheduleChange } from "../../core/schedule-change.ts";
import { planFormat } from "../../core/schedule-plan.ts";
import type { ScheduleRecord } from "../../core/schedule.ts";
import { createBookings } from "../../service/bookings.ts";
import type { Engine } from "../../service/engine.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createPassBook } from "./pass-book.ts";
import type { PassParts } from "./pass.ts";
import { startScheduler } from "./scheduler.ts";

// The manual clock takes real turns of the event loop.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const minute = 60_000;
const rule = { everyMs: minute, anchor: 0 };

function aSchedule(name: string, given: Partial<ScheduleRecord> = {}): ScheduleRecord {
  return record({ name, nextAt: minute, dueAt: minute, ...given }, { rule });
}

/** A scheduler on a storage of a few schedules, whose enqueues fail as the test says. */
function start(...schedules: readonly ScheduleRecord[]) {
  const clock = createManualClock(0);
  const ticks = createBookings();
  const logger = recordingLogger();
  const rows = new Map(schedules.map((each) => [each.name, each]));
  const seen = {
    looks: 0,
    fired: [] as string[],
    failing: new Map<string, unknown>(),
    lost: new Set<string>(),
  };
  const storage = {
    async findDueSchedules(limit: number, now: number, except: readonly string[] = []) {
      seen.looks += 1;
      const waiting = [...rows.values()].filter(({ dueAt }) => dueAt !== null);
      const due = waiting
        .filter(({ name, dueAt }) => (dueAt ?? 0) <= now && !except.includes(name))
        .slice(0, limit);
      const later = waiting.flatMap(({ dueAt }) => (dueAt !== null && dueAt > now ? dueAt : []));
      return { due, nextDueAt: later.length === 0 ? null : Math.min(...later) };
    },
    async fireSchedule(
      { name }: ScheduleChange,
      jobs: readonly { runAt: number }[],
      complete: (receipts: unknown) => ScheduleRecord,
    ) {
      if (seen.failing.has(name)) throw seen.failing.get(name);
      if (seen.lost.has(name)) return undefined;
      const receipts = jobs.map(({ runAt }) => ({ id: String(runAt), outcome: "enqueued" }));
      const schedule = complete(receipts);
      rows.set(name, schedule);
      seen.fired.push(`${name} ${jobs.map(({ runAt }) => runAt / minute).join()}`);
      return { schedule, receipts };
    },
    async changeSchedules(changes: readonly ScheduleChange[]) {
      for (const { name, to } of changes) if (to !== null) rows.set(name, to);
      return true;
    },
    findEnds: async (ids: readonly string[]) => ({
      ends: ids.filter((id) => id === "over"),
      missing: [],
    }),
  };
  const engine = { storage, clock, ticks, logger, passes: createPassBook() };
  const scheduler = startScheduler(engine as unknown as Engine & PassParts, () => 0);
  return { clock, ticks, logger, rows, seen, scheduler };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

test("it looks when the next tick is due, and not at all in between", async () => {
  const { clock, seen, scheduler } = start(aSchedule("a"));
  await pass(0);
  expect(seen.looks).toBe(1);
  await clock.advance(minute - 1);
  await pass(200_000);
  expect(seen.looks).toBe(1);
  await clock.advance(1);
  await pass(0);
  expect(seen.fired).toEqual(["a 1"]);
  await clock.advance(minute);
  await pass(0);
  expect(seen.fired).toEqual(["a 1", "a 2"]);
  expect(seen.looks).toBe(3);
  await scheduler.stop();
});

test("a tick it is told of for sooner than it expected is fired then", async () => {
  const { clock, ticks, rows, seen, scheduler } = start();
  await pass(0);
  rows.set("a", aSchedule("a"));
  ticks.add(minute);
  await clock.advance(minute);
  await pass(0);
  expect(seen.fired).toEqual(["a 1"]);
  await scheduler.stop();
  ticks.add(minute);
  await clock.advance(minute);
  await pass(0);
  expect(seen.fired).toHaveLength(1);
});

test("a schedule that fails holds up no other, says why, and is tried again until it does not", async () => {
  const { clock, seen, rows, logger, scheduler } = start(aSchedule("a"), aSchedule("b"));
  await pass(0);
  seen.failing.set("a", new HoldfastError("STORAGE_FAILED", "a trigger said no"));
  await clock.advance(minute);
  await pass(0);
  expect(seen.fired).toEqual(["b 1"]);
  expect(rows.get("a")).toMatchObject({
    nextAt: minute,
    failure: { code: "STORAGE_FAILED", message: "a trigger said no", tries: 1 },
  });
  await clock.advance(1_000);
  await pass(0);
  expect(rows.get("a")?.failure?.tries).toBe(2);
  const said = logger.said("a tick could not be fired; trying again");
  expect(said.map(({ level, fields }) => [level, fields["schedule"]])).toEqual([
    ["error", "a"],
    ["warn", "a"],
  ]);
  seen.failing.clear();
  await clock.advance(2_000);
  await pass(0);
  expect(seen.fired).toEqual(["b 1", "a 1"]);
  expect(rows.get("a")?.failure).toBeNull();
  await scheduler.stop();
});

test("a bad edit by hand is a failure like any other", async () => {
  const { clock, seen, rows, scheduler } = start(aSchedule("a", { plan: "oops" }), aSchedule("b"));
  await clock.advance(minute);
  await pass(0);
  expect(seen.fired).toEqual(["b 1"]);
  expect(rows.get("a")?.failure).toMatchObject({ code: "SCHEDULE_FAILED" });
  await scheduler.stop();
});

test("an outage of the database is no fault of a schedule's", async () => {
  const { clock, seen, rows, scheduler } = start(aSchedule("a"), aSchedule("b"));
  await pass(0);
  seen.failing.set("a", new HoldfastError("UNIQUE_BUSY", "a lock"));
  await clock.advance(minute);
  await pass(0);
  expect(seen.fired).toEqual(["b 1"]);
  seen.failing.set("a", new HoldfastError("STORAGE_UNAVAILABLE", "away"));
  await pass(100);
  expect(rows.get("a")).toMatchObject({ failure: null, dueAt: minute });
  seen.failing.clear();
  await pass(200);
  expect(seen.fired).toEqual(["b 1", "a 1"]);
  await scheduler.stop();
});

test("what should pass by itself and does not is written down as the schedule's failure", async () => {
  const { clock, seen, rows, scheduler } = start(aSchedule("a"));
  await pass(0);
  seen.failing.set("a", new HoldfastError("UNIQUE_BUSY", "a lock"));
  await clock.advance(minute);
  await pass(0);
  expect(rows.get("a")?.failure).toBeNull();
  await pass(1_000);
  expect(rows.get("a")?.failure).toMatchObject({ code: "UNIQUE_BUSY", tries: 1 });
  await clock.advance(1_000);
  await pass(1_000);
  expect(rows.get("a")?.failure?.tries).toBe(2);
  seen.failing.clear();
  await clock.advance(2_000);
  await pass(1_000);
  expect(seen.fired).toEqual(["a 1"]);
  expect(rows.get("a")?.failure).toBeNull();
  await scheduler.stop();
});

test("what others are firing is looked at again soon, and not in a spin", async () => {
  const { clock, seen, scheduler } = start(aSchedule("a"));
  await pass(0);
  seen.lost.add("a");
  await clock.advance(minute);
  await pass(0);
  const before = seen.looks;
  await pass(200);
  expect(seen.looks - before).toBe(4);
  await scheduler.stop();
});

test("what newer code has declared is left to it, in no spin and in nobody's way", async () => {
  const newer = JSON.stringify(plan({ rule, format: planFormat + 1 }));
  const many = Array.from({ length: 100 }, (_, n) => aSchedule(`a${n}`, { plan: newer }));
  const { clock, ticks, logger, seen, rows, scheduler } = start(...many, aSchedule("b"));
  await clock.advance(minute);
  await pass(100);
  expect(seen.fired).toEqual(["b 1"]);
  const { looks } = seen;
  await pass(10_000);
  expect(seen.looks).toBe(looks);
  expect(rows.get("a0")).toMatchObject({ dueAt: minute, failure: null });
  const said = () =>
    logger.said(
      "newer code declared the schedule; this worker leaves its ticks to workers of that code",
    );
  expect(said()).toHaveLength(100);
  rows.set("a0", aSchedule("a0"));
  await clock.advance(minute);
  ticks.add(minute);
  await pass(100);
  expect(seen.fired).toContain("a0 1,2");
  expect(said()).toHaveLength(100);
  await scheduler.stop();
});

test.each([
  ["under way", "5", "a "],
  ["over", "over", "a 1"],
])("where jobs may not overlap, a tick whose last job is %s", async (_what, lastJob, expected) => {
  const careful = JSON.stringify(plan({ rule, overlap: "skip" }));
  const { clock, seen, scheduler } = start(aSchedule("a", { plan: careful, lastJob }));
  await clock.advance(minute);
  await pass(0);
  expect(seen.fired).toEqual([expected]);
  await scheduler.stop();
});

test("missed ticks are told of", async () => {
  const { clock, ticks, rows, seen, logger, scheduler } = start();
  await clock.advance(60 * minute + 1);
  rows.set("a", aSchedule("a"));
  ticks.add(minute);
  await pass(0);
  expect(seen.fired).toEqual(["a 60"]);
  expect(logger.said("ticks were missed")).toMatchObject([
    { level: "warn", fields: { schedule: "a", since: minute, missed: "once", jobs: 1 } },
  ]);
  await scheduler.stop();
});
