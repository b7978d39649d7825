import type { RetryPolicy } from "./retry-policy.ts";

/**
 * The delay after a failed attempt, before jitter: `min(min · factor^(attempt-1), max)`, monotone in the attempt.
 */
export function baseDelay(policy: RetryPolicy, attempt: number): number {
  // Zero times an overflowing power would be NaN.
  if (policy.minMs === 0) return 0;
  return Math.min(policy.minMs * policy.factor ** (attempt - 1), policy.maxMs);
}

/**
 * The delay after a failed attempt: `min(base ± jitter · base, max)`, never below 0.
 * `random` is a number in [0, 1) handed in by the caller.
 */
export function retryDelay(policy: RetryPolicy, attempt: number, random: number): number {
  const base = baseDelay(policy, attempt);
  const spread = base * policy.jitter * (random * 2 - 1);
  return Math.max(0, Math.min(Math.round(base + spread), policy.maxMs));
}

/**
 * The number a failed attempt counts as: 1 again when it ran longer than `resetAfter` times the backoff before it.
 */
export function countedAttempt(
  policy: RetryPolicy,
  attempt: number,
  ranMs: number,
  backoffMs: number,
): number {
  return attempt > 1 && backoffMs > 0 && ranMs > policy.resetAfter * backoffMs ? 1 : attempt;
}
