import { describe, expect, test } from "vitest";
import { record } from "../../test/support/schedule-record.ts";
import { scheduleOf } from "./schedule.ts";

const failure = { code: "STORAGE_FAILED", message: "no", at: 1, tries: 1 };

describe("a schedule is shown", () => {
  test("with what is declared of it", () => {
    expect(scheduleOf(record({ nextAt: 600_000, dueAt: 600_000 }))).toEqual({
      name: "digest",
      group: null,
      state: "active",
      cron: null,
      timeZone: null,
      every: "10m",
      anchor: 0,
      job: { name: "work", payload: { n: 1 }, queue: "default", priority: 5, tags: ["mail"] },
      missed: "once",
      maxMissed: 100,
      overlap: "allow",
      pausedAt: null,
      pausedBy: null,
      nextAt: 600_000,
      lastAt: null,
      lastOutcome: null,
      lastJob: null,
      failure: null,
      createdAt: 0,
      changedAt: 0,
    });
    const cron = { cron: "0 8 * * *", timeZone: "Europe/Berlin" };
    expect(scheduleOf(record({}, { rule: cron }))).toMatchObject({
      ...cron,
      every: null,
      anchor: null,
    });
  });

  test.each([
    ["active", { nextAt: 1 }],
    ["failing", { nextAt: 1, failure }],
    ["ended", { nextAt: null }],
    ["paused", { nextAt: null, pausedAt: 1, failure }],
  ])("as %s", (state, given) => {
    expect(scheduleOf(record(given))?.state).toBe(state);
  });

  test("as far as it can be read", () => {
    const broken = scheduleOf(record({ plan: "{", nextAt: 5, failure }));
    expect(broken).toMatchObject({
      name: "digest",
      state: "failing",
      job: null,
      cron: null,
      every: null,
    });
    expect(broken).toMatchObject({ missed: "once", maxMissed: 100, overlap: "allow" });
  });
});
