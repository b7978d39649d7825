import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rate } from "./rate.ts";
import { capacityUs, drainTokens, recapTokens, takeTokens, tokenUs } from "./token-bucket.ts";

const start = 1_750_000_000_000;
const perMinute: Rate = { count: 100, perMs: 60_000 };

const rates = fc
  .record({ count: fc.integer({ min: 1, max: 50_000 }), perMs: fc.integer({ min: 1, max: 1e8 }) })
  .filter(({ count, perMs }) => count <= perMs * 1_000);

/** Takes one token after another at given moments, and gives the moments at which one was granted. */
function grantsOf(rate: Rate, moments: readonly number[], from: number | null = null): number[] {
  let fullAt = from;
  return moments.filter((now) => {
    const taken = takeTokens(fullAt, rate, 1, now);
    if (taken.granted) fullAt = taken.fullAt;
    return taken.granted;
  });
}

const steps = (count: number, ms: number) =>
  Array.from({ length: count }, (_, n) => start + n * ms);

describe("takeTokens", () => {
  test("grants as many at once as the rate says, then one each time one has come back", () => {
    expect(grantsOf(perMinute, Array<number>(150).fill(start))).toHaveLength(100);
    const emptied = start * 1_000 + capacityUs(perMinute);
    const granted = grantsOf(perMinute, steps(6_001, 1), emptied);
    expect(granted.map((now) => now - start)).toEqual(
      Array.from({ length: 10 }, (_, n) => (n + 1) * 600),
    );
  });

  test("says when to come back: then it grants, and a millisecond before it does not", () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 100 }), fc.nat(1e9), (rate, weight, ahead) => {
        const fullAt = start * 1_000 + ahead;
        const denied = takeTokens(fullAt, rate, weight, start);
        if (denied.granted) return;
        const { retryAfterMs } = denied;
        expect(takeTokens(fullAt, rate, weight, start + retryAfterMs).granted).toBe(true);
        expect(takeTokens(fullAt, rate, weight, start + retryAfterMs - 1).granted).toBe(false);
      }),
    );
  });

  test("never grants more than the burst and what the rate gives in any stretch of time", () => {
    fc.assert(
      fc.property(rates, fc.array(fc.nat(2_000), { maxLength: 200 }), (rate, pauses) => {
        let now = start;
        const moments = pauses.map((pause) => (now += pause));
        const granted = grantsOf(rate, moments);
        granted.forEach((from, first) => {
          const last = granted.length - 1;
          const spanMs = (granted[last] ?? from) - from;
          const most = rate.count + Math.floor((spanMs * rate.count) / rate.perMs);
          expect(last - first + 1).toBeLessThanOrEqual(most);
        });
      }),
    );
  });

  test("a burst is exactly the count also where a token is no whole microsecond", () => {
    fc.assert(
      fc.property(rates, (rate) => {
        const all = takeTokens(null, rate, rate.count, start);
        expect(all.granted).toBe(true);
        if (!all.granted) return;
        expect(Number.isSafeInteger(all.fullAt)).toBe(true);
        expect(takeTokens(all.fullAt, rate, 1, start).granted).toBe(false);
      }),
    );
  });

  test("takes a weight all or none, and one above the count as the count", () => {
    const most = takeTokens(null, perMinute, 60, start);
    expect(most).toEqual({ granted: true, fullAt: start * 1_000 + 60 * tokenUs(perMinute) });
    if (!most.granted) return;
    expect(takeTokens(most.fullAt, perMinute, 41, start)).toEqual({
      granted: false,
      retryAfterMs: 600,
    });
    expect(takeTokens(most.fullAt, perMinute, 40, start).granted).toBe(true);
    expect(takeTokens(null, perMinute, 1_000, start)).toEqual(
      takeTokens(null, perMinute, 100, start),
    );
  });

  test("a bucket long full is a full one", () => {
    expect(takeTokens(5, perMinute, 1, start)).toEqual(takeTokens(null, perMinute, 1, start));
  });
});

describe("drainTokens", () => {
  test("lets nothing through for as long as was said, then one, then as usual", () => {
    const drained = drainTokens(null, perMinute, 30_000, start);
    const granted = grantsOf(perMinute, steps(31_801, 1), drained);
    expect(granted.map((now) => now - start)).toEqual([30_000, 30_600, 31_200, 31_800]);
  });

  test("is for the rate's own time unless said otherwise", () => {
    expect(drainTokens(null, perMinute, null, start)).toBe(
      drainTokens(null, perMinute, 60_000, start),
    );
  });

  test("never shortens an emptiness ordered before", () => {
    const long = drainTokens(null, perMinute, 120_000, start);
    expect(drainTokens(long, perMinute, 1_000, start + 10)).toBe(long);
    expect(drainTokens(long, perMinute, 200_000, start)).toBeGreaterThan(long);
  });
});

test("an edited rate's bucket is as empty as it was, and never emptier than empty", () => {
  const hourly: Rate = { count: 10, perMs: 3_600_000 };
  const all = takeTokens(null, hourly, 10, start);
  if (!all.granted) throw new Error("a full bucket was not granted");
  const recapped = recapTokens(all.fullAt, perMinute, start);
  expect(grantsOf(perMinute, steps(601, 1), recapped)).toEqual([start + 600]);
  expect(recapTokens(start * 1_000 + 7, perMinute, start)).toBe(start * 1_000 + 7);
});
