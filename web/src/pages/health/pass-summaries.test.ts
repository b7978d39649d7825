import { expect, test } from "vitest";
import { summarisePasses } from "./pass-summaries.ts";

const pass = (name: string, worker: string, ranAt: number, error: string | null = null) => ({
  name,
  worker,
  ranAt,
  tookMs: ranAt * 2,
  rows: ranAt * 3,
  runs: 10,
  total: 100,
  error,
});
const passes = [pass("prune", "b", 1, "locked"), pass("prune", "a", 2), pass("rescue", "a", 3)];

test("all workers together: the newest run, the sums, and who failed", () => {
  const [prune, rescue] = summarisePasses(passes, undefined);
  expect(prune).toMatchObject({ name: "prune", workers: 2, runs: 20, total: 200 });
  expect(prune?.last).toMatchObject({ ranAt: 2, tookMs: 4, rows: 6 });
  expect(prune?.errors).toEqual([{ worker: "b", error: "locked" }]);
  expect(rescue).toMatchObject({ name: "rescue", workers: 1, errors: [] });
});

test("one worker alone", () => {
  expect(summarisePasses(passes, "b")).toMatchObject([{ name: "prune", workers: 1, runs: 10 }]);
  expect(summarisePasses(passes, "gone")).toEqual([]);
});
