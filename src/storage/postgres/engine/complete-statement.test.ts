import { expect, test } from "vitest";
import { claimedJob, now } from "../../../../test/support/claimed-job.ts";
import { settle } from "../../../core/lifecycle.ts";
import { completeParams } from "./complete-statement.ts";

function success(id: string, began: number, result?: string) {
  const job = claimedJob({ lease: { id, owner: "7", run: 2 }, attempt: 1 });
  const outcome = { kind: "completed", ...(result === undefined ? {} : { result }) } as const;
  return settle(job, outcome, { now, random: 0, began });
}

test("what belongs to jobs near each other stands at their ids' distance from the lowest", () => {
  const params = completeParams([success("12", 31), success("10", 30), success("9", 32)]);
  const ended = `{${now},${now},0,${now}}`;
  expect(params).toEqual(["{12,10,9}", "{7,7,0,7}", "{2,2,0,2}", "{32,30,0,31}", ended, null, 9]);
});

test.each([
  ["far apart", [success("1", 30), success("9", 31)], null],
  ["with results", [success("1", 30, "1"), success("2", 31)], '{"1",NULL}'],
  ["too large to count", [success("9007199254740993", 30), success("9007199254740993", 31)], null],
])("jobs %s are listed side by side", (_, jobs, results) => {
  const params = completeParams(jobs);
  expect(params.slice(1, 4)).toEqual(["{7,7}", "{2,2}", "{30,31}"]);
  expect(params.slice(5)).toEqual([results, null]);
});

test("no jobs are no ids", () => {
  expect(completeParams([])[0]).toBe("{}");
});
