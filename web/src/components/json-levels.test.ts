import { expect, test } from "vitest";
import { parseJson } from "../../../src/dashboard/json/parse-json.ts";
import { levelsWithin } from "./json-levels.ts";

function levels(text: string, most: number, deepest = 8): number {
  const parsed = parseJson(text);
  if (!("node" in parsed)) throw new Error(parsed.message);
  return levelsWithin(parsed.node, most, deepest);
}

test("as many levels are open as can be drawn", () => {
  const three = '{"a":{"b":{"c":1}},"d":[1,2,3]}';
  expect(levels(three, 100)).toBe(3);
  expect(levels(three, 6)).toBe(2);
  expect(levels(three, 2)).toBe(1);
  expect(levels("12", 100)).toBe(1);
});

test("a wide tree stays shut below its first level, and a deep one below the deepest", () => {
  const wide = JSON.stringify(
    Array.from({ length: 1_000 }, () => Array.from({ length: 50 }, () => 1)),
  );
  expect(levels(wide, 300)).toBe(1);
  expect(levels("[".repeat(50_000) + "]".repeat(50_000), 300)).toBe(8);
});
