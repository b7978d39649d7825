import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { formatRate, parseRate } from "./rate.ts";

describe("parseRate", () => {
  test.each([
    ["100/1m", { count: 100, perMs: 60_000 }],
    ["5/1s", { count: 5, perMs: 1_000 }],
    ["1/1.5h", { count: 1, perMs: 5_400_000 }],
    ["1000/1ms", { count: 1_000, perMs: 1 }],
    ["1000000/366d", { count: 1_000_000, perMs: 366 * 86_400_000 }],
  ])("reads %s", (text, rate) => {
    expect(parseRate(text, "rate")).toEqual(rate);
  });

  test.each([
    [undefined],
    [100],
    [""],
    ["100"],
    ["100/"],
    ["/1m"],
    ["0/1m"],
    ["-1/1m"],
    ["1.5/1m"],
    ["1e3/1m"],
    ["100/m"],
    ["100/60000"],
    ["100/0ms"],
    ["100 / 1m"],
    ["1000001/1h"],
    ["1001/1ms"],
    ["1/367d"],
    ["1/1m/1m"],
  ])("refuses %j, naming the option", (given) => {
    expect(() => parseRate(given, "limits[2]: rate")).toThrow(
      coded("INVALID_OPTION", "limits[2]: rate must be a rate"),
    );
  });
});

test("a rate is written as it is read", () => {
  expect(formatRate({ count: 100, perMs: 60_000 })).toBe("100/1m");
  const counts = fc.integer({ min: 1, max: 1_000 });
  const rates = fc.record({ count: counts, perMs: fc.integer({ min: 1, max: 1e9 }) });
  fc.assert(
    fc.property(rates, (rate) => {
      expect(parseRate(formatRate(rate), "rate")).toEqual(rate);
    }),
  );
});
