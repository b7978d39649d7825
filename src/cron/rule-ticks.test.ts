import { expect, test } from "vitest";
import { rising, ticksOf } from "./rule-ticks.ts";

test("a rule has the ticks of its cron expression or of its pause", () => {
  expect(ticksOf({ cron: "0 8 * * *", timeZone: "Europe/Berlin" })(0)).toBe(7 * 3_600_000);
  expect(ticksOf({ everyMs: 1_000, anchor: 250 })(0)).toBe(250);
});

test("an expression is read once", () => {
  const rule = { cron: "*/7 * * * *", timeZone: "UTC" };
  expect(ticksOf(rule)).toBe(ticksOf({ ...rule }));
  expect(ticksOf({ ...rule, timeZone: "Asia/Kathmandu" })).not.toBe(ticksOf(rule));
});

test("incident 30: ticks that stand still are an error and no endless loop", () => {
  const next = rising((after) => (after < 5 ? 9 : after), "* * * * *");
  expect(next(0)).toBe(9);
  expect(() => next(9)).toThrow(expect.objectContaining({ code: "SCHEDULE_FAILED" }));
  expect(rising(() => null, "* * * * *")(0)).toBeNull();
});
