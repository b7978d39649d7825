import { expect, test } from "vitest";
import { between } from "./selection.ts";

test("rows are taken from one to another, either way", () => {
  const rows = ["a", "b", "c", "d"];
  expect(between(rows, "b", "d")).toEqual(["b", "c", "d"]);
  expect(between(rows, "d", "b")).toEqual(["b", "c", "d"]);
  expect(between(rows, "gone", "c")).toEqual(["c"]);
  expect(between(rows, "gone", "gone")).toEqual([]);
});
