import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { formatDuration, maxDurationMs, parseDuration, roughDuration } from "./duration.ts";

describe("parseDuration", () => {
  test.each([
    ["250ms", 250],
    ["30s", 30_000],
    ["5m", 300_000],
    ["1.5h", 5_400_000],
    ["7d", 604_800_000],
    ["2w", 1_209_600_000],
    ["0s", 0],
    ["5200w", 5_200 * 604_800_000],
    [1_234, 1_234],
    [0, 0],
  ])("reads %s as %i milliseconds", (value, ms) => {
    expect(parseDuration(value, "delay")).toBe(ms);
  });

  test("rounds to whole milliseconds", () => {
    expect(parseDuration(1.4, "delay")).toBe(1);
    expect(parseDuration("1.5ms", "delay")).toBe(2);
  });

  test.each([
    "",
    "5",
    "5 m",
    " 5m",
    "5m\n",
    "-5m",
    "+5m",
    "1e3s",
    "5M",
    "5min",
    ".5s",
    "5.s",
    "NaNs",
    "5221w",
    "9".repeat(400) + "s",
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    maxDurationMs + 1,
    null,
    undefined,
    true,
    {},
    [5],
    5n,
    Symbol("s"),
    Object.create(null),
    new Date(5),
  ])("refuses what is no duration (case %#), naming the option", (value) => {
    expect(() => parseDuration(value, "retry.delay")).toThrow(
      coded("INVALID_OPTION", 'retry.delay must be a duration such as "30s", "5m"'),
    );
  });

  test("takes 100 years at most", () => {
    expect(parseDuration("36500d", "delay")).toBe(maxDurationMs);
  });
});

describe("formatDuration", () => {
  test("writes the largest unit that keeps the value exact", () => {
    const written = [0, 1, 1_000, 90_000, 300_000, 7_200_000, 86_400_000, 604_800_000, 604_800_001];
    expect(written.map(formatDuration)).toEqual([
      "0ms",
      "1ms",
      "1s",
      "90s",
      "5m",
      "2h",
      "1d",
      "1w",
      "604800001ms",
    ]);
  });

  test("what it writes is read back as the same number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: maxDurationMs }), (ms) => {
        expect(parseDuration(formatDuration(ms), "delay")).toBe(ms);
      }),
    );
  });

  test("every whole number of every unit is read, and written no longer than it was", () => {
    const units = fc.constantFrom("ms", "s", "m", "h", "d", "w");
    fc.assert(
      fc.property(fc.nat(5_000), units, (count, unit) => {
        const ms = parseDuration(`${count}${unit}`, "delay");
        expect(parseDuration(formatDuration(ms), "delay")).toBe(ms);
        expect(formatDuration(ms).length).toBeLessThanOrEqual(`${count}${unit}`.length + 1);
      }),
    );
  });
});

describe("roughDuration", () => {
  test.each([
    [0, "0ms"],
    [1_999.4, "1999ms"],
    [2_000, "2s"],
    [119_400, "119s"],
    [121_000, "2m"],
    [7_300_000, "2h"],
    [172_000_000, "2d"],
    [180_000_000, "2d"],
  ])("%d is about %s", (ms, text) => {
    expect(roughDuration(ms)).toBe(text);
  });
});
