import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { batchPlan } from "./batch-options.ts";

const run = (): void => {};

test("a batch has 25 jobs, two run at once, and none lingers, unless told otherwise", () => {
  expect(batchPlan({}, run)).toEqual({ size: 25, concurrent: 2, lingerMs: 0 });
  expect(batchPlan({ size: 3, concurrent: 1, linger: "20ms" }, run)).toEqual({
    size: 3,
    concurrent: 1,
    lingerMs: 20,
  });
});

test.each([
  [{ size: 0 }, "size"],
  [{ size: 1.5 }, "size"],
  [{ concurrent: 0 }, "concurrent"],
  [{ linger: "soon" }, "linger"],
  [{ sise: 3 }, "sise"],
  [7, "object of options"],
])("%j is refused", (options, told) => {
  expect(() => batchPlan(options as never, run)).toThrow(coded("INVALID_OPTION", told));
});

test("so is what is no function", () => {
  expect(() => batchPlan({}, undefined)).toThrow(coded("INVALID_OPTION", "a function of a batch"));
});
