import { checkOptions, isWhole, type OptionRule, rule } from "./check-options.ts";
import { defaultRetryPolicy } from "./defaults.ts";
import { type Duration, parseDuration } from "./duration.ts";
import { HoldfastError } from "./errors.ts";

/** An exponential curve: `min · factor^(attempt-1)` up to `max`, each delay spread by `± jitter` of itself. */
export interface BackoffCurve {
  /** Default `"1s"`. */
  readonly min?: Duration;
  /** Default `"1h"`. */
  readonly max?: Duration;
  /** Default 2. */
  readonly factor?: number;
  /** From 0 to 1; default 0.2. */
  readonly jitter?: number;
}

/** Chooses the delay after a failed attempt in code, taken as it is; after a crash the default curve decides. */
export type BackoffFunction = (attempt: number, error: unknown) => Duration;

interface RetryManners {
  /** Failures of attempts below this log at WARN, from there on at ERROR; `null` keeps every retry at WARN. Default 3. */
  readonly warnAttempts?: number | null;
  /** An attempt that ran longer than this many times the backoff before it counts as the first again; default 3. */
  readonly resetAfter?: number;
  /** Crashes in a row after which the job is discarded as `CRASH_LOOP`; default 3, or what the rescuing worker says. */
  readonly maxCrashes?: number;
}

interface RetryLimits extends RetryManners {
  /** Total runs, the first included; default 20. `"unlimited"` retries for ever, 1 means no retry. */
  readonly attempts?: number | "unlimited";
}

/** How a job that is retried for ever comes back: a curve, a fixed delay, or a function. */
export type EndlessRetryOptions =
  | (RetryManners & { readonly backoff?: BackoffCurve | BackoffFunction })
  | (RetryManners & { readonly backoff: "fixed"; readonly delay: Duration });

/** How a job is retried: `"none"` for one run only, a curve, a fixed delay, or a function. */
export type RetryOptions =
  | "none"
  | (RetryLimits & { readonly backoff?: BackoffCurve | BackoffFunction })
  | (RetryLimits & { readonly backoff: "fixed"; readonly delay: Duration });

/** The retry settings stored with a job, so that any process can rescue it. Times are milliseconds. */
export interface RetryPolicy {
  /** `null` is unlimited. */
  readonly attempts: number | null;
  readonly minMs: number;
  readonly maxMs: number;
  readonly factor: number;
  readonly jitter: number;
  /** `null` keeps every retry at WARN. */
  readonly warnAttempts: number | null;
  readonly resetAfter: number;
  /** `null` leaves it to the worker that rescues; -1 is unlimited. */
  readonly maxCrashes: number | null;
  /** `null` is no timeout. */
  readonly timeoutMs: number | null;
}

/** The part of a policy that says when a job comes back. */
export type BackoffPolicy = Pick<RetryPolicy, "minMs" | "maxMs" | "factor" | "jitter">;

const limitRules: Readonly<Record<string, OptionRule>> = {
  attempts: {
    is: 'a whole number of at least 1, or "unlimited"',
    test: (value) => value === "unlimited" || isWhole(value, 1),
  },
  warnAttempts: {
    is: "a whole number of at least 1, or null",
    test: (value) => value === null || isWhole(value, 1),
  },
  resetAfter: {
    is: "a finite number above 0",
    test: (value) => Number.isFinite(value) && (value as number) > 0,
  },
  maxCrashes: {
    is: "a whole number of at least 1, or Infinity",
    test: (value) => value === Number.POSITIVE_INFINITY || isWhole(value, 1),
  },
  delay: rule.any,
  backoff: {
    is: 'a curve { min, max, factor, jitter }, "fixed" or a function',
    test: (value) =>
      value === "fixed" ||
      typeof value === "function" ||
      (typeof value === "object" && value !== null),
  },
};

const curveRules: Readonly<Record<string, OptionRule>> = {
  min: rule.any,
  max: rule.any,
  factor: { is: "a number from 1 to 100", test: (value) => isBetween(value, 1, 100) },
  jitter: { is: "a number from 0 to 1", test: (value) => isBetween(value, 0, 1) },
};

/**
 * Turns retry options and a timeout into the policy stored with each job.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming what is wrong.
 */
export function retryPolicy(
  options: RetryOptions | undefined,
  timeout: Duration | "none" | undefined,
): RetryPolicy {
  const base = { ...defaultRetryPolicy, timeoutMs: readTimeout(timeout) };
  if (options === undefined) return base;
  if (options === "none") return { ...base, attempts: 1 };
  checkOptions("retry", options, limitRules);
  const limits = {
    ...base,
    attempts: options.attempts === "unlimited" ? null : (options.attempts ?? base.attempts),
    warnAttempts: options.warnAttempts === undefined ? base.warnAttempts : options.warnAttempts,
    resetAfter: options.resetAfter ?? base.resetAfter,
    maxCrashes: readMaxCrashes(options.maxCrashes),
  };
  return { ...limits, ...readBackoff(options) };
}

function readTimeout(timeout: Duration | "none" | undefined): number | null {
  if (timeout === undefined) return defaultRetryPolicy.timeoutMs;
  if (timeout === "none") return null;
  const ms = parseDuration(timeout, "timeout");
  if (ms > 0) return ms;
  throw new HoldfastError("INVALID_OPTION", 'timeout must be above 0; "none" switches it off.');
}

/** Infinity is not JSON, so an unlimited number of crashes is stored as -1. */
function readMaxCrashes(value: number | undefined): number | null {
  if (value === undefined) return null;
  return value === Number.POSITIVE_INFINITY ? -1 : value;
}

function readBackoff(options: Exclude<RetryOptions, "none">): Partial<BackoffPolicy> {
  if (options.backoff === "fixed") {
    const delayMs = parseDuration(options.delay, "retry.delay");
    return { minMs: delayMs, maxMs: delayMs, factor: 1, jitter: 0 };
  }
  if ("delay" in options && options.delay !== undefined) {
    throw new HoldfastError("INVALID_OPTION", 'retry.delay goes with backoff: "fixed" only.');
  }
  return typeof options.backoff === "object"
    ? readBackoffCurve("retry.backoff", options.backoff)
    : {};
}

/**
 * Reads a curve and fills in the defaults; `where` is what the caller calls it.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming what is wrong.
 */
export function readBackoffCurve(where: string, curve: BackoffCurve): BackoffPolicy {
  checkOptions(where, curve, curveRules);
  const min = curve.min === undefined ? undefined : parseDuration(curve.min, `${where}.min`);
  const max = curve.max === undefined ? undefined : parseDuration(curve.max, `${where}.max`);
  // A bound given alone moves the other default out of its way.
  const minMs = min ?? Math.min(defaultRetryPolicy.minMs, max ?? Number.POSITIVE_INFINITY);
  const maxMs = max ?? Math.max(defaultRetryPolicy.maxMs, minMs);
  if (maxMs < minMs) {
    throw new HoldfastError("INVALID_OPTION", `${where}.max must not be below ${where}.min.`);
  }
  return {
    minMs,
    maxMs,
    factor: curve.factor ?? defaultRetryPolicy.factor,
    jitter: curve.jitter ?? defaultRetryPolicy.jitter,
  };
}

function isBetween(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && value >= min && value <= max;
}
