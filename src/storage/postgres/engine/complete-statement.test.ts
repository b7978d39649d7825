import { expect, test } from "vitest";
import { claimedJob, now } from "../../../../test/support/claimed-job.ts";
import { settle } from "../../../core/lifecycle.ts";
import type { Settlement } from "../../../core/settlement.ts";
import { bucketOf } from "../../../core/histogram.ts";
import { completeCall } from "./complete-statement.ts";

function success(id: string, began: number, result?: string) {
  const job = claimedJob({ lease: { id, owner: "7", run: 2 }, attempt: 1 });
  const outcome = { kind: "completed", ...(result === undefined ? {} : { result }) } as const;
  return settle(job, outcome, { now, random: 0, began });
}

/** The call inside the one that counts, and its parameters. */
function paramsOf(settlements: readonly Settlement[]) {
  const { call, params } = completeCall("holdfast", settlements, 2);
  const inner = /^holdfast\.counted_ends?\((.+\)), \$.*\)$/.exec(call)?.[1] ?? call;
  return { call: inner, params: params.slice(0, params.length === 0 ? 0 : -4) };
}

test("one worker's jobs near each other stand at their ids' distance from the lowest", () => {
  const { call, params } = paramsOf([success("12", 31), success("10", 30), success("9", 32)]);
  expect(call).toBe("holdfast.complete_span($3, $4, $5, $6, $7, $8, $9, $10)");
  const last = now - 30;
  expect(params).toEqual([9, 3, "7", 2, 30, "{2,0,-1,1}", `{${last},${last},0,${last}}`, null]);
});

test("results stand there too", () => {
  const { params } = paramsOf([success("9", 31, '"a"'), success("11", 30), success("12", 30, "1")]);
  expect(params.at(-1)).toBe(String.raw`{"\"a\"",NULL,NULL,"1"}`);
});

const large = "9007199254740993";

test.each<readonly [string, readonly Settlement[], string]>([
  ["far apart", [success("1", 30), success("9", 30)], "{7,7}"],
  ["too large to count", [success(large, 30), success(large, 30)], "{7,7}"],
  ["given twice", [success("1", 30), success("1", 30)], "{7,7}"],
  ["of two workers", [success("1", 30), ofOther(success("2", 30))], "{7,8}"],
])("jobs %s are listed side by side", (_, settlements, owners) => {
  const { call, params } = paramsOf(settlements);
  expect(call).toBe("holdfast.complete_jobs($3, $4, $5, $6, $7, $8)");
  expect(params.slice(1)).toEqual([owners, "{2,2}", "{30,30}", `{${now},${now}}`, null]);
});

test("times too far apart for small numbers are listed as they are", () => {
  const { params } = paramsOf([success("1", now - 2 ** 31)]);
  expect(params).toHaveLength(6);
});

test("they are counted by what stands behind", () => {
  const { call, params } = completeCall("holdfast", [success("1", now - 9), success("2", now)], 0);
  expect(call).toContain(", $9, $10, $11, $12)");
  const tally = `s2 c2 w${bucketOf(now)}:2 r${bucketOf(9)}:1 r0:1`;
  expect(params.slice(-4)).toEqual([999_960_000, "default", "report", tally]);
  const longAgo = completeCall("holdfast", [success("1", now - 60_000)], 0);
  expect(longAgo.params.at(-4)).toBe("{999900000,999960000}");
});

test("no jobs are no call", () => {
  expect(paramsOf([])).toEqual({ call: "NULL::text", params: [] });
});

function ofOther(settlement: Settlement): Settlement {
  return { ...settlement, lease: { ...settlement.lease, owner: "8" } };
}
