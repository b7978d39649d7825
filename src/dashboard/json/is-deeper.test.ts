import { expect, test } from "vitest";
import { isDeeper } from "./is-deeper.ts";

test.each([
  ["1", 0, false],
  ["[]", 0, true],
  ['{"a":[1,{}]}', 3, false],
  ['{"a":[1,{}]}', 2, true],
  ["[][][]", 1, false],
  ['"[[["', 0, false],
  ['["\\"[[", "\\\\", "]"]', 1, false],
  ['"[[[', 0, false],
  ['"[[\\', 0, false],
  ["]]]", 0, false],
])("%s is deeper than %d: %s", (text, levels, deeper) => {
  expect(isDeeper(text, levels)).toBe(deeper);
});

test("two megabytes are looked through at once", () => {
  const began = performance.now();
  expect(isDeeper("[".repeat(2_000_000), 500)).toBe(true);
  expect(isDeeper(`"${"\\[".repeat(1_000_000)}"`, 0)).toBe(false);
  expect(performance.now() - began).toBeLessThan(1_000);
});
