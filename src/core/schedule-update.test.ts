import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { record } from "../../test/support/schedule-record.ts";
import { JsonText } from "./json-text.ts";
import { readPlan } from "./schedule-plan.ts";
import type { ScheduleRule } from "./schedule-rule.ts";
import { type ScheduleUpdate, updatePlan } from "./schedule-update.ts";

const steady: ScheduleRule = { everyMs: 600_000, anchor: 7 };
const daily: ScheduleRule = { cron: "0 8 * * *", timeZone: "Europe/Berlin" };

function update(rule: ScheduleRule, change: ScheduleUpdate) {
  return updatePlan("update", readPlan(record({}, { rule }).plan), change);
}

describe("a plan is changed", () => {
  test.each<[ScheduleRule, ScheduleUpdate, ScheduleRule]>([
    [daily, { missed: "skip" }, daily],
    [daily, { cron: "0 9 * * *" }, { ...daily, cron: "0 9 * * *" }],
    [daily, { timeZone: "Asia/Tokyo" }, { ...daily, timeZone: "Asia/Tokyo" }],
    [daily, { every: "5m" }, { everyMs: 300_000, anchor: 0 }],
    [steady, { every: "5m" }, { everyMs: 300_000, anchor: 7 }],
    [steady, { cron: "0 9 * * *" }, { cron: "0 9 * * *", timeZone: "UTC" }],
    [
      steady,
      { cron: "0 9 * * *", timeZone: "Asia/Tokyo" },
      { cron: "0 9 * * *", timeZone: "Asia/Tokyo" },
    ],
  ])("%j by %j", (rule, change, to) => {
    expect(update(rule, change).rule).toEqual(to);
  });

  test("its job stays but for a payload, kept to the digit, and what is not named stays too", () => {
    const before = readPlan(record({}, { rule: steady, overlap: "skip" }).plan);
    const exact = '{"id":12345678901234567890}';
    const changed = updatePlan("update", before, { payload: new JsonText(exact), missed: "all" });
    expect(changed).toEqual({ ...before, missed: "all", job: { ...before.job, payload: exact } });
    expect(updatePlan("update", before, { overlap: "allow", by: "ada" })).toEqual({
      ...before,
      overlap: "allow",
    });
  });

  test.each<[ScheduleUpdate, string]>([
    [{}, "nothing to change"],
    [{ by: "ada" }, "nothing to change"],
    [{ timeZone: "Asia/Tokyo" }, "timeZone goes with cron"],
    [{ cron: "* * * * *", every: "5m" }, "either cron or every"],
    [{ missed: "never" as never }, "missed must be"],
    [{ job: "x" } as never, 'no option "job"'],
  ])("but not by %j", (change, says) => {
    expect(() => update(steady, change)).toThrow(coded("INVALID_OPTION", says));
  });
});
