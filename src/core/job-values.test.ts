import { expect, test } from "vitest";
import { byFrequency, chooseValues, pathsIn, valuesAt } from "./job-values.ts";

const jobsWith = (...payloads: readonly unknown[]) => payloads.map((payload) => ({ payload }));

test("paths are those a filter can ask for, the most frequent first", () => {
  const jobs = jobsWith(
    { user: { id: 7, "a.b": true }, items: [{ sku: "x" }, { sku: "y" }] },
    { user: { id: 8 }, gone: undefined, none: null },
    { 'quo"te': 1, "back\\slash": 1, "-1": 1 },
    7,
    null,
    undefined,
  );
  expect(pathsIn(jobs)).toEqual(["user.id", "items.0.sku", "items.1.sku", "none", "user.a\\.b"]);
});

test("deep payloads, long lists and long keys are not followed to their end", () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { k: deep(levels - 1) });
  expect(pathsIn(jobsWith(deep(8)))).toEqual(["k.k.k.k.k.k.k.k"]);
  expect(pathsIn(jobsWith(deep(9)))).toEqual([]);
  expect(pathsIn(jobsWith(Array.from({ length: 99 }, () => 1)))).toHaveLength(10);
  expect(pathsIn(jobsWith({ ["k".repeat(256)]: 1 }))).toEqual([]);
});

test("values at a path are the scalars found there", () => {
  const jobs = jobsWith(
    { a: { b: 2 } },
    { a: { b: 1 } },
    { a: { b: 2 } },
    { a: { b: null } },
    { a: { b: false } },
    { a: { b: "t" } },
    { a: { b: {} } },
    { a: null },
    7,
  );
  expect(valuesAt(jobs, ["a", "b"])).toEqual([2, 1, false, null, "t"]);
  expect(valuesAt(jobsWith({}), ["constructor"])).toEqual([]);
  expect(valuesAt(jobsWith([5]), ["0"])).toEqual([5]);
});

test("chosen are those that begin with a prefix and can be asked for", () => {
  const values = ["Send", "sand", "se", 5, 51, 2 ** 53, null, true, "s".repeat(256)];
  expect(chooseValues(values, { prefix: "SE" })).toEqual(["Send", "se"]);
  expect(chooseValues(values, { prefix: "5" })).toEqual([5, 51]);
  expect(chooseValues(values, {})).toEqual(["Send", "sand", "se", 5, 51, null, true]);
  expect(chooseValues(values, { limit: 2 })).toEqual(["Send", "sand"]);
});

test("what is equally frequent is in order", () => {
  expect(byFrequency(["b", "a", "c", "c"])).toEqual(["c", "a", "b"]);
  expect(byFrequency([1, "1"])).toEqual([1, "1"]);
});
