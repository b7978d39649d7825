import { expect, test } from "vitest";
import { meaningOfExit } from "./exit-code.ts";

const codes = { discard: 110, throttle: 111 };

test.each([
  [0, "completed"],
  [110, "discard"],
  [111, "throttle"],
  [1, "failed"],
  [255, "failed"],
  [null, "failed"],
])("exit code %s means %s", (code, meaning) => {
  expect(meaningOfExit(code, codes)).toBe(meaning);
});

test("codes that are switched off mean failure, and an end by a signal is none of them", () => {
  const off = { discard: null, throttle: null };
  expect([110, 111, null].map((code) => meaningOfExit(code, off))).toEqual(Array(3).fill("failed"));
});
