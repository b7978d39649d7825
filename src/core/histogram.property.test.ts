import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addHistogram,
  addToBucket,
  bucketOf,
  durationOf,
  type Histogram,
  histogramText,
  parseHistogram,
  percentilesOf,
} from "./histogram.ts";

/** From nothing to a year, most of them short as durations are. */
const durations = fc.oneof(
  fc.nat(100),
  fc.nat(10_000),
  fc.nat(3_600_000),
  fc.nat(365 * 86_400_000),
);
const someDurations = fc.array(durations, { minLength: 1, maxLength: 300 });

function histogramOf(values: readonly number[]): Histogram {
  const histogram: Histogram = new Map();
  for (const value of values) addToBucket(histogram, bucketOf(value), 1);
  return histogram;
}

/** The value of this rank among all: no less than `share` of them are at most as large. */
function exact(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

test("a bucket stands for all it holds within 2 %, and for small durations exactly", () => {
  fc.assert(
    fc.property(durations, (ms) => {
      const told = durationOf(bucketOf(ms));
      expect(Math.abs(told - ms)).toBeLessThanOrEqual(ms <= 33 ? 0 : ms * 0.02);
    }),
    { numRuns: 2_000 },
  );
  for (let ms = 0; ms <= 100_000; ms++) {
    const off = Math.abs(durationOf(bucketOf(ms)) - ms);
    if (off > (ms <= 33 ? 0 : ms * 0.02)) throw new Error(`${ms} is told as ${ms + off}`);
  }
});

test("percentiles of histograms put together are within 2 % of those of all durations", () => {
  fc.assert(
    fc.property(fc.array(someDurations, { minLength: 1, maxLength: 5 }), (workers) => {
      const together: Histogram = new Map();
      for (const values of workers) addHistogram(together, histogramOf(values));
      const told = percentilesOf(together);
      const all = workers.flat();
      expect(told?.count).toBe(all.length);
      for (const [key, share] of [
        ["p50", 0.5],
        ["p95", 0.95],
        ["p99", 0.99],
      ] as const) {
        const value = exact(all, share);
        expect(Math.abs((told?.[key] ?? Number.NaN) - value)).toBeLessThanOrEqual(value * 0.02);
      }
    }),
  );
});

test("a text says all there is, and the order of adding says nothing", () => {
  fc.assert(
    fc.property(someDurations, someDurations, (one, other) => {
      const [left, right] = [histogramOf(one), histogramOf(other)];
      addHistogram(left, histogramOf(other));
      addHistogram(right, histogramOf(one));
      expect(histogramText(left)).toBe(histogramText(right));
      expect(parseHistogram(histogramText(left))).toEqual(histogramOf([...one, ...other]));
    }),
  );
});

test("nothing has no percentiles", () => {
  expect(percentilesOf(new Map())).toBeNull();
  expect(parseHistogram("")).toEqual(new Map());
});

test("a duration that is negative, as over a step of the clock, counts as none", () => {
  expect(bucketOf(-5)).toBe(0);
});
