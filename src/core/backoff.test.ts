import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baseDelay, countedAttempt, retryDelay } from "./backoff.ts";
import { defaultRetryPolicy } from "./defaults.ts";
import type { RetryPolicy } from "./retry-policy.ts";

const policies: fc.Arbitrary<RetryPolicy> = fc
  .record({
    bounds: fc.tuple(fc.nat(10_000_000), fc.nat(10_000_000)),
    factor: fc.double({ min: 1, max: 100, noNaN: true }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ bounds, factor, jitter }) => ({
    ...defaultRetryPolicy,
    minMs: Math.min(...bounds),
    maxMs: Math.max(...bounds),
    factor,
    jitter,
  }));
const attempts = fc.integer({ min: 1, max: 100_000 });
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("retry delay", () => {
  test("before jitter it is min(min · factor^(attempt-1), max)", () => {
    const policy = { ...defaultRetryPolicy, minMs: 1_000, maxMs: 20_000, factor: 2 };
    expect([1, 2, 3, 4, 5, 6, 7].map((attempt) => baseDelay(policy, attempt))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
    ]);
  });

  test("before jitter it never falls from one attempt to the next and stays within min and max", () => {
    fc.assert(
      fc.property(policies, attempts, (policy, attempt) => {
        const delay = baseDelay(policy, attempt);
        expect(delay).toBeGreaterThanOrEqual(policy.minMs);
        expect(delay).toBeLessThanOrEqual(policy.maxMs);
        expect(baseDelay(policy, attempt + 1)).toBeGreaterThanOrEqual(delay);
      }),
    );
  });

  test("a minimum of zero stays zero for ever, even where the power overflows", () => {
    expect(baseDelay({ ...defaultRetryPolicy, minMs: 0 }, 5_000)).toBe(0);
  });

  test("jitter spreads it by at most its share of the base, up to max and down to 0, in whole milliseconds", () => {
    fc.assert(
      fc.property(policies, attempts, randoms, (policy, attempt, random) => {
        const base = baseDelay(policy, attempt);
        const delay = retryDelay(policy, attempt, random);
        expect(Number.isSafeInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(policy.maxMs);
        expect(Math.abs(delay - base)).toBeLessThanOrEqual(base * policy.jitter + 0.5);
      }),
    );
  });

  test("the ends of the random range are the ends of the spread", () => {
    const policy = { ...defaultRetryPolicy, minMs: 1_000, jitter: 0.2 };
    expect(retryDelay(policy, 1, 0)).toBe(800);
    expect(retryDelay(policy, 1, 0.5)).toBe(1_000);
    expect(retryDelay(policy, 1, 0.999_999)).toBe(1_200);
  });

  test("without jitter it is the base, whatever the random number", () => {
    fc.assert(
      fc.property(policies, attempts, randoms, (policy, attempt, random) => {
        const delay = retryDelay({ ...policy, jitter: 0 }, attempt, random);
        expect(delay).toBe(Math.round(baseDelay(policy, attempt)));
      }),
    );
  });
});

describe("attempt reset", () => {
  const policy = { ...defaultRetryPolicy, resetAfter: 3 };

  test("an attempt that ran longer than resetAfter times the backoff before it counts as the first again", () => {
    expect(countedAttempt(policy, 5, 30_001, 10_000)).toBe(1);
  });

  test("an attempt that ran exactly that long keeps its number", () => {
    expect(countedAttempt(policy, 5, 30_000, 10_000)).toBe(5);
  });

  test("an attempt with no backoff before it keeps its number, however long it ran", () => {
    expect(countedAttempt(policy, 5, 1_000_000, 0)).toBe(5);
  });

  test("the first attempt stays the first", () => {
    expect(countedAttempt(policy, 1, 1_000_000, 10)).toBe(1);
  });
});
