import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { checkCoverage } from "./batch-coverage.ts";

test("each item once, in any order, is fine", () => {
  checkCoverage(["1", "2", "3"], ["3", "1", "2"]);
  checkCoverage([], []);
});

test.each([
  ["a missing one", ["1"], { missing: ["2"], repeated: [], foreign: [] }, "no outcome for 2"],
  ["a repeated one", ["1", "2", "1"], { missing: [], repeated: ["1"], foreign: [] }, "two for 1"],
  [
    "a foreign one",
    ["1", "2", "9"],
    { missing: [], repeated: [], foreign: ["9"] },
    "foreign one for 9",
  ],
])("%s is told by id", (_, outcomes, details, message) => {
  const check = () => checkCoverage(["1", "2"], outcomes);
  expect(check).toThrow(coded("BATCH_OUTCOMES_MISMATCH", message));
  expect(check).toThrow(expect.objectContaining({ details }));
});

test("of many only some are named in the message, all in the details", () => {
  const ids = Array.from({ length: 8 }, (_, index) => String(index + 1));
  const check = () => checkCoverage(ids, []);
  expect(check).toThrow(coded("BATCH_OUTCOMES_MISMATCH", "1, 2, 3, 4, 5 and 3 more"));
  expect(check).toThrow(
    expect.objectContaining({ details: { missing: ids, repeated: [], foreign: [] } }),
  );
});
