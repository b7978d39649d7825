import { describe, expect, test } from "vitest";
import { keptFrom, mergeRows, minutesFrom, type StatRow } from "./stat-row.ts";
import { entriesOf, pointsOf, readRange, readSteps, sumOf } from "./stats.ts";
import { addTallyText, emptyTally } from "./tally.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** A whole day. */
const t0 = 20_000 * day;

function row(at: number, text: string, given: Partial<StatRow> = {}): StatRow {
  const tally = emptyTally();
  addTallyText(tally, text);
  return { at, spanMs: minute, queue: "q", name: "n", tally, ...given };
}

describe("a range", () => {
  test("is the last hour unless said otherwise, in whole minutes around what was asked", () => {
    expect(readRange("stats", {}, t0 + 1)).toEqual({ from: t0 - hour, to: t0 + minute });
    expect(readRange("stats", { from: new Date(t0 + 1), to: t0 + minute + 1 }, 0)).toEqual({
      from: t0,
      to: t0 + 2 * minute,
    });
  });

  test.each<[string, object]>([
    ["from", { from: t0 + 1, to: t0 }],
    ["from", { from: "yesterday" }],
    ["to", { to: Number.NaN }],
    ["to", { to: new Date("nonsense") }],
    ["from", { from: -1 }],
  ])("names %s when it is wrong: %j", (option, range) => {
    expect(() => readRange("stats", range, t0)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", details: { option } }),
    );
  });
});

describe("steps", () => {
  test.each([
    [hour, minute],
    [2 * hour, minute],
    [3 * hour, 5 * minute],
    [day, 15 * minute],
    [5 * day, hour],
    [30 * day, 6 * hour],
    [90 * day, day],
    [900 * day, day],
  ])("of a range of %i are %i", (length, step) => {
    expect(readSteps("stats", { from: t0 - length, to: t0 }, undefined).step).toBe(step);
  });

  test("begin at whole multiples and cover the range", () => {
    const range = { from: t0 + 7 * minute, to: t0 + 61 * minute };
    expect(readSteps("stats", range, 30 * minute)).toEqual({
      from: t0,
      to: t0 + 90 * minute,
      step: 30 * minute,
    });
  });

  test.each([1, 0, 90_001, 59_999])("of %i are refused", (step) => {
    expect(() => readSteps("stats", { from: t0, to: t0 + hour }, step)).toThrow("whole minutes");
  });

  test("that would make too many points are refused", () => {
    expect(() => readSteps("stats", { from: t0 - 8 * day, to: t0 }, minute)).toThrow("10,000");
  });
});

test("a sum adds counts and puts histograms together", () => {
  const sum = sumOf([row(t0, "s2 c1 w10:2 r3:1"), row(t0 + minute, "s1 f1 w500:1", { name: "m" })]);
  expect(sum).toMatchObject({ started: 3, completed: 1, failed: 1, enqueued: 0 });
  expect(sum.waiting?.count).toBe(3);
  expect(sum.running).toMatchObject({ count: 1 });
  expect(sumOf([])).toMatchObject({ started: 0, waiting: null, running: null });
});

test("entries are one for each queue and name, in order", () => {
  const rows = [
    row(t0, "c1", { queue: "b", name: "x" }),
    row(t0, "c2", { queue: "a", name: "y" }),
    row(t0, "c4", { queue: "a", name: "x" }),
    row(t0 + 9, "c8", { queue: "b", name: "x" }),
  ];
  expect(entriesOf(rows).map(({ queue, name, completed }) => [queue, name, completed])).toEqual([
    ["a", "x", 4],
    ["a", "y", 2],
    ["b", "x", 9],
  ]);
});

test("every step has a point, and what lies outside is in none", () => {
  const rows = [
    row(t0, "c1"),
    row(t0 + 4 * minute, "c2"),
    row(t0 + 5 * minute, "c4"),
    row(t0 + 15 * minute, "c8"),
    row(t0 - minute, "c16"),
  ];
  const points = pointsOf(rows, { from: t0, to: t0 + 15 * minute }, 5 * minute);
  expect(points.map(({ at, completed }) => [at - t0, completed])).toEqual([
    [0, 3],
    [5 * minute, 4],
    [10 * minute, 0],
  ]);
});

describe("rows", () => {
  test("of one span, queue and name become one, and no others do", () => {
    const rows = [
      row(t0, "c1 w1:1"),
      row(t0, "c2 w1:1"),
      row(t0, "c4", { spanMs: hour }),
      row(t0, "c8", { queue: "q 1", name: "n" }),
      row(t0, "c16", { queue: "q", name: "1 n" }),
    ];
    const merged = mergeRows(rows);
    expect(merged.map(({ tally }) => tally.counts.completed)).toEqual([3, 4, 8, 16]);
    expect(merged[0]?.tally.waiting).toEqual(new Map([[1, 2]]));
    expect(rows[0]?.tally.counts.completed).toBe(1);
  });

  test("are kept by minutes from a whole hour on, and by hours before it", () => {
    const from = minutesFrom(t0 + 90 * minute, 2 * hour);
    expect(from).toBe(t0 - hour);
    expect(keptFrom(from, row(from, ""))).toMatchObject({ at: from, spanMs: minute });
    expect(keptFrom(from, row(from - minute, ""))).toMatchObject({ at: from - hour, spanMs: hour });
  });
});

test("entries come by queue, then by name, however the rows come", () => {
  const rows = ["b", "a", "c"].flatMap((queue) =>
    ["y", "x", "z"].map((name) => row(t0, "c1", { queue, name })),
  );
  expect(entriesOf(rows).map(({ queue, name }) => queue + name)).toEqual(
    "ax ay az bx by bz cx cy cz".split(" "),
  );
});
