import { expect, test } from "vitest";
import { formatInstant, formatSpan } from "./time-text.ts";

test.each([
  [0, "0ms"],
  [740.4, "740ms"],
  [1_000, "1s"],
  [59_999, "59s"],
  [125_000, "2m 5s"],
  [3_600_000, "1h"],
  [3_601_000, "1h"],
  [99 * 3_600_000, "4d 3h"],
  [-5_000, "-5s"],
])("%d ms is %s", (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

test("a moment is in UTC, and none is none", () => {
  expect(formatInstant(0)).toBe("1970-01-01T00:00:00.000Z");
  expect(formatInstant(null)).toBeNull();
});
