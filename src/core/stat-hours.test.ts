import { expect, test } from "vitest";
import { besideMinutes, besideMs, lateRows, nextHour, takesHours } from "./stat-hours.ts";
import { emptyTally } from "./tally.ts";

const hour = 3_600_000;
const minute = (at: number) => ({ at, spanMs: 60_000, queue: "q", name: "n", tally: emptyTally() });

test("a minute is a part of the hour beside it", () => {
  const row = minute(hour + 60_000);
  expect(besideMinutes(row)).toEqual({ ...row, at: hour, spanMs: besideMs });
});

test("late rows join their hour if it has been added up and is kept by minutes", () => {
  const rows = [0, hour, 2 * hour, 3 * hour].map(minute);
  const late = lateRows(rows, { from: hour, summedTo: 3 * hour });
  expect(late.map(({ at }) => at)).toEqual([hour, 2 * hour]);
});

test("an hour is added up some minutes after its end", () => {
  const at = 5 * hour + 120_000;
  expect(nextHour(at, 6 * hour + 299_999)).toBeUndefined();
  expect(nextHour(at, 6 * hour + 300_000)).toBe(5 * hour);
  expect(nextHour(undefined, 9 * hour)).toBeUndefined();
});

test("hours fit into steps of whole hours, and into all of a range", () => {
  expect([undefined, hour, 6 * hour].map(takesHours)).toEqual([true, true, true]);
  expect([60_000, 900_000].map(takesHours)).toEqual([false, false]);
});
