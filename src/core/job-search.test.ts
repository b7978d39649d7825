import { expect, test } from "vitest";
import { jobStates } from "./job.ts";
import { cappedCounts } from "./job-search.ts";

test("every state is named, also those that were not counted", () => {
  const counts = cappedCounts({ running: { jobs: 3, atLeast: true } });
  expect(Object.keys(counts)).toEqual(jobStates);
  expect(counts.running).toEqual({ jobs: 3, atLeast: true });
  expect(counts.completed).toEqual({ jobs: 0, atLeast: false });
});
