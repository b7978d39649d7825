import type { Rate } from "./rate.ts";

/**
 * What became of taking tokens from a bucket.
 *
 * A bucket is one number, `fullAt`: the moment it is full again, in whole **microseconds** since the epoch; one never used is as
 * good as full. A token takes `ceil(perMs * 1000 / count)` microseconds to come back and a full bucket holds `count` of them, so
 * no burst is larger and no refill quicker than the rate says. SQL that takes tokens does the same sums in whole numbers:
 * `token = (rate_ms * 1000 + rate_count - 1) / rate_count`, `capacity = rate_count * token`.
 */
export type TakenTokens =
  | { readonly granted: true; readonly fullAt: number }
  | { readonly granted: false; readonly retryAfterMs: number };

/** How long one token takes to come back. */
export function tokenUs({ count, perMs }: Rate): number {
  return Math.ceil((perMs * 1_000) / count);
}

/** How long an empty bucket takes to fill. */
export function capacityUs(rate: Rate): number {
  return rate.count * tokenUs(rate);
}

/**
 * Takes `weight` tokens at `now` (milliseconds since the epoch), all or none; more than the bucket holds counts as all it
 * holds. `retryAfterMs` is when they are there, if nobody takes any before.
 */
export function takeTokens(
  fullAt: number | null,
  rate: Rate,
  weight: number,
  now: number,
): TakenTokens {
  const nowUs = now * 1_000;
  const next = Math.max(fullAt ?? 0, nowUs) + Math.min(weight, rate.count) * tokenUs(rate);
  const lateUs = next - (nowUs + capacityUs(rate));
  return lateUs <= 0
    ? { granted: true, fullAt: next }
    : { granted: false, retryAfterMs: Math.ceil(lateUs / 1_000) };
}

/**
 * The bucket after it was emptied: no token for `forMs` (default the rate's own time), then the first, then the rest as
 * usual. It never shortens an emptiness ordered before.
 */
export function drainTokens(
  fullAt: number | null,
  rate: Rate,
  forMs: number | null,
  now: number,
): number {
  const emptyUs = (now + (forMs ?? rate.perMs)) * 1_000;
  return Math.max(fullAt ?? 0, emptyUs + capacityUs(rate) - tokenUs(rate));
}

/** The bucket of a rate that was edited: as empty as it was, and never emptier than empty. */
export function recapTokens(fullAt: number, rate: Rate, now: number): number {
  return Math.min(fullAt, now * 1_000 + capacityUs(rate));
}
