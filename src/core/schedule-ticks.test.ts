import fc from "fast-check";
import { expect, test } from "vitest";
import { newestTicks, type NextTick, steadyTicks, ticksIn } from "./schedule-ticks.ts";

test("a steady pause never drifts from its anchor", () => {
  const quarterly = steadyTicks(900_000, 0);
  expect(quarterly(0)).toBe(900_000);
  expect(quarterly(899_999)).toBe(900_000);
  expect(quarterly(-1)).toBe(0);
  expect(steadyTicks(1_000, 250)(0)).toBe(250);
  expect(steadyTicks(1_000, 5_250)(250)).toBe(1_250);
});

test("the ticks of a stretch are those between its ends and at them", () => {
  const next = steadyTicks(10, 0);
  expect(ticksIn(next, { from: 10, to: 30 })).toEqual([10, 20, 30]);
  expect(ticksIn(next, { from: 11, to: 19 })).toEqual([]);
  const last: NextTick = (after) => (after < 20 ? 20 : null);
  expect(ticksIn(last, { from: 0, to: 99 })).toEqual([20]);
});

test("the newest ticks are the end of all", () => {
  const lengths = fc.integer({ min: 1, max: 50_000 });
  const from = fc.integer({ min: 0, max: 10_000 });
  const count = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(lengths, from, lengths, count, (everyMs, begin, lengthMs, most) => {
      const stretch = { from: begin, to: begin + lengthMs };
      const next = steadyTicks(everyMs, 3);
      expect(newestTicks(next, stretch, most)).toEqual(ticksIn(next, stretch).slice(-most));
    }),
  );
});

test("incident 26: the newest of a year of seconds are found without walking the year", () => {
  let asked = 0;
  const seconds: NextTick = (after) => {
    asked += 1;
    return steadyTicks(1_000, 0)(after);
  };
  const year = { from: 0, to: 365 * 86_400_000 };
  expect(newestTicks(seconds, year, 100)).toHaveLength(100);
  expect(asked).toBeLessThan(1_000);
});
