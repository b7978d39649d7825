import { describe, expect, test } from "vitest";
import { plan, record } from "../../test/support/schedule-record.ts";
import {
  type Declaration,
  type DeclaredBefore,
  pauseSchedule,
  putSchedule,
  reconcile,
  resumeSchedule,
  type WantedSchedule,
} from "./schedule-change.ts";
import type { SchedulePlan } from "./schedule-plan.ts";
import { steadyTicks } from "./schedule-ticks.ts";
import type { ScheduleRecord } from "./schedule.ts";

const now = 10_000_000;
const everyTen = steadyTicks(600_000, 0);
const soon = everyTen(now) ?? 0;

function want(name: string, given: Partial<SchedulePlan> = {}): WantedSchedule {
  return { name, plan: JSON.stringify(plan(given)), next: everyTen };
}

const declared = (name: string, given: Partial<ScheduleRecord> = {}) =>
  record({ name, group: "mail", nextAt: soon, dueAt: soon, ...given });

function declare(before: Partial<DeclaredBefore>, given: Partial<Declaration>) {
  const declaration = { group: "mail", version: null, wanted: [], ...given };
  return reconcile({ schedules: [], group: undefined, ...before }, declaration, now);
}

const mark = (version: number | null) => ({ name: "mail", version, revision: 3 });

describe("declaring", () => {
  test("adds what is new, changes what differs, removes what is gone, in order of name, and leaves the rest", () => {
    const schedules = [
      declared("same"),
      declared("gone"),
      declared("changed"),
      record({ name: "theirs", group: "other" }),
      record({ name: "by hand" }),
    ];
    const wanted = [want("same"), want("new"), want("changed", { overlap: "skip" })];
    const answer = declare({ schedules, group: mark(null) }, { wanted });
    expect(answer).toMatchObject({
      kind: "apply",
      changes: [
        {
          name: "changed",
          from: schedules[2],
          to: { changedAt: now, group: "mail", nextAt: soon },
        },
        { name: "gone", from: schedules[1], to: null },
        {
          name: "new",
          from: null,
          to: { group: "mail", nextAt: soon, dueAt: soon, createdAt: now },
        },
      ],
      group: { name: "mail", from: mark(null), version: null },
    });
  });

  test("what is declared already writes nothing", () => {
    const before = { schedules: [declared("same")], group: mark(4) };
    const answer = declare(before, { wanted: [want("same")], version: 4 });
    expect(answer).toEqual({ kind: "apply", changes: [], group: undefined });
  });

  test("the first time, and a newer version, are written down", () => {
    expect(declare({}, { version: 4 })).toMatchObject({ group: { from: null, version: 4 } });
    const newer = declare({ group: mark(4) }, { version: 5 });
    expect(newer).toMatchObject({ group: { from: mark(4), version: 5 } });
    expect(declare({ group: mark(null) }, { version: 1 })).toMatchObject({ group: { version: 1 } });
  });

  test.each([
    [4, 5],
    [null, 5],
  ])("an older deploy (%s after %s) undoes nothing", (version, than) => {
    const before = { schedules: [declared("newer")], group: mark(than) };
    expect(declare(before, { wanted: [want("older")], version })).toEqual({ kind: "older" });
  });

  test.each([
    ["another group's", "other"],
    ["one made by hand", null],
  ])("a name that is %s is refused", (_what, group) => {
    const theirs = record({ name: "same", group });
    const answer = declare({ schedules: [theirs] }, { wanted: [want("new"), want("same")] });
    expect(answer).toEqual({ kind: "taken", by: theirs });
  });
});

describe("a schedule that is declared anew", () => {
  const put = (from: ScheduleRecord, wanted: WantedSchedule) =>
    putSchedule(from, wanted, "mail", now)?.to;

  test("keeps its due tick when its rule is the same, so that it is made up for", () => {
    const due = declared("a", { nextAt: now - 5, dueAt: now + 900 });
    expect(put(due, want("a"))).toBeUndefined();
    expect(put(due, want("a", { missed: "all" }))).toMatchObject({
      nextAt: now - 5,
      dueAt: now - 5,
    });
  });

  test("ticks by its new rule from now on, and never again at a tick that is over", () => {
    const rule = { everyMs: 900_000, anchor: 0 };
    const due = declared("a", { nextAt: now - 5 });
    expect(put(due, want("a", { rule }))).toMatchObject({ nextAt: soon });
    const ahead = declared("a", { lastAt: soon });
    expect(put(ahead, want("a", { rule }))).toMatchObject({ nextAt: soon + 600_000 });
  });

  test("is tried at once where it failed", () => {
    const failing = declared("a", { failure: { code: "X", message: "", at: 1, tries: 1 } });
    expect(put(failing, want("a", { overlap: "skip" }))).toMatchObject({ failure: null });
  });

  test("stays paused", () => {
    const paused = declared("a", { pausedAt: 1, pausedBy: "ada", nextAt: null, dueAt: null });
    expect(put(paused, want("a"))).toBeUndefined();
    expect(put(paused, want("a", { overlap: "skip" }))).toMatchObject({
      pausedAt: 1,
      pausedBy: "ada",
      nextAt: null,
      dueAt: null,
    });
  });

  test("learns of a zone whose clocks are changed otherwise than was known", () => {
    const stale = declared("a", { nextAt: soon + 1, dueAt: soon + 1 });
    expect(put(stale, want("a"))).toEqual({ ...stale, nextAt: soon, dueAt: soon });
  });

  test("ticks from now on where what was stored could not be read", () => {
    const broken = declared("a", { plan: "{", nextAt: now - 5 });
    expect(put(broken, want("a"))).toMatchObject({ nextAt: soon });
  });
});

describe("pausing and resuming", () => {
  const paused = record({ pausedAt: 7, pausedBy: "ada" });

  test("a paused schedule has no next tick", () => {
    expect(pauseSchedule(declared("a"), "ada", now)).toMatchObject({
      pausedAt: now,
      pausedBy: "ada",
      nextAt: null,
      dueAt: null,
    });
    expect(pauseSchedule(paused, "bob", now)).toBeUndefined();
  });

  test("a resumed one makes up for nothing, and never ticks twice at one moment", () => {
    expect(resumeSchedule(paused, everyTen, now)).toMatchObject({
      pausedAt: null,
      pausedBy: null,
      nextAt: soon,
      dueAt: soon,
    });
    const ahead = record({ pausedAt: 7, lastAt: soon });
    expect(resumeSchedule(ahead, everyTen, now)?.nextAt).toBe(soon + 600_000);
    expect(resumeSchedule(declared("a"), everyTen, now)).toBeUndefined();
  });
});
