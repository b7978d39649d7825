import { expect, test } from "vitest";
import { isFinished, jobStates } from "./job.ts";

test("completed, cancelled and discarded are finished, and no other state is", () => {
  expect(jobStates.filter(isFinished)).toEqual(["completed", "cancelled", "discarded"]);
  expect(new Set(jobStates).size).toBe(8);
});
