import { expect, test } from "vitest";
import { claimedJob } from "../../test/support/claimed-job.ts";
import type { ClaimedJob } from "./claimed-job.ts";
import { groupBatches } from "./group-batches.ts";

function job(id: number, settings: Partial<ClaimedJob> = {}): ClaimedJob {
  return claimedJob({ lease: { id: String(id), owner: "7", run: 1 }, attempt: 1, ...settings });
}

const ids = (jobs: readonly ClaimedJob[], size: number): string[][] =>
  groupBatches(jobs, size).map((group) => group.map(({ lease }) => lease.id));

test("jobs go together in their order, at most so many", () => {
  expect(
    ids(
      [1, 2, 3, 4, 5].map((id) => job(id)),
      2,
    ),
  ).toEqual([["1", "2"], ["3", "4"], ["5"]]);
  expect(ids([], 2)).toEqual([]);
});

test("a job that is tried again stands alone, and the others close up", () => {
  expect(ids([job(1), job(2, { attempt: 2 }), job(3), job(4)], 3)).toEqual([
    ["1", "3", "4"],
    ["2"],
  ]);
});

test("one that crashed stands alone too", () => {
  expect(ids([job(1, { crashes: 1 }), job(2)], 3)).toEqual([["1"], ["2"]]);
});

test("jobs of different queues never share a batch", () => {
  expect(ids([job(1, { queue: "a" }), job(2, { queue: "b" }), job(3, { queue: "a" })], 3)).toEqual([
    ["1", "3"],
    ["2"],
  ]);
});
