import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { defaultRetryPolicy } from "./defaults.ts";
import { type RetryOptions, retryPolicy } from "./retry-policy.ts";

describe("retry shorthands", () => {
  test("nothing said gives the defaults", () => {
    expect(retryPolicy(undefined, undefined)).toEqual(defaultRetryPolicy);
    expect(retryPolicy({}, undefined)).toEqual(defaultRetryPolicy);
    expect(retryPolicy({ backoff: {} }, undefined)).toEqual(defaultRetryPolicy);
  });

  test('"none" is one run', () => {
    expect(retryPolicy("none", undefined)).toEqual({ ...defaultRetryPolicy, attempts: 1 });
  });

  test('backoff "fixed" waits the same delay every time, without jitter', () => {
    expect(retryPolicy({ backoff: "fixed", delay: "10s" }, undefined)).toMatchObject({
      minMs: 10_000,
      maxMs: 10_000,
      factor: 1,
      jitter: 0,
    });
  });

  test("a backoff function leaves the default curve for rescuers that do not have the code", () => {
    expect(retryPolicy({ backoff: () => "1s" }, undefined)).toEqual(defaultRetryPolicy);
  });

  test('attempts "unlimited" is stored as null', () => {
    expect(retryPolicy({ attempts: "unlimited" }, undefined).attempts).toBeNull();
  });

  test("warnAttempts null is kept as null", () => {
    expect(retryPolicy({ warnAttempts: null }, undefined).warnAttempts).toBeNull();
  });

  test("everything said is stored, as JSON that reads back the same", () => {
    const policy = retryPolicy(
      {
        attempts: 5,
        backoff: { min: "2s", max: "1m", factor: 3, jitter: 0 },
        warnAttempts: 2,
        resetAfter: 4.5,
        maxCrashes: 7,
      },
      "2m",
    );
    expect(policy).toEqual({
      attempts: 5,
      minMs: 2_000,
      maxMs: 60_000,
      factor: 3,
      jitter: 0,
      warnAttempts: 2,
      resetAfter: 4.5,
      maxCrashes: 7,
      timeoutMs: 120_000,
    });
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });

  test("maxCrashes Infinity is stored as -1, because JSON has no infinity", () => {
    expect(retryPolicy({ maxCrashes: Number.POSITIVE_INFINITY }, undefined).maxCrashes).toBe(-1);
  });

  test("a bound given alone moves the other default out of its way", () => {
    expect(retryPolicy({ backoff: { min: "2h" } }, undefined)).toMatchObject({
      minMs: 7_200_000,
      maxMs: 7_200_000,
    });
    expect(retryPolicy({ backoff: { max: "500ms" } }, undefined)).toMatchObject({
      minMs: 500,
      maxMs: 500,
    });
  });
});

describe("timeout", () => {
  test('is 1 h unless said, and "none" is none', () => {
    expect(retryPolicy(undefined, undefined).timeoutMs).toBe(3_600_000);
    expect(retryPolicy("none", "30s").timeoutMs).toBe(30_000);
    expect(retryPolicy(undefined, "none").timeoutMs).toBeNull();
  });

  test("of zero is refused, because it would fail every attempt", () => {
    expect(() => retryPolicy(undefined, 0)).toThrow(
      coded("INVALID_OPTION", 'timeout must be above 0; "none" switches it off.'),
    );
  });
});

describe("what is wrong is refused by name", () => {
  test.each<readonly [unknown, string]>([
    [{ attempts: 0 }, "attempts must be"],
    [{ attempts: "forever" }, "attempts must be"],
    [{ attempts: 1.5 }, "attempts must be"],
    [{ warnAttempts: 0 }, "warnAttempts must be"],
    [{ resetAfter: 0 }, "resetAfter must be"],
    [{ resetAfter: Number.POSITIVE_INFINITY }, "resetAfter must be a finite number"],
    [{ resetAfter: Number.NaN }, "resetAfter must be"],
    [{ maxCrashes: 0 }, "maxCrashes must be"],
    [{ tries: 5 }, 'retry has no option "tries"'],
    [{ backoff: "linear" }, "backoff must be a curve"],
    [{ backoff: null }, "backoff must be a curve"],
    [{ backoff: "fixed" }, "retry.delay must be a duration"],
    [{ backoff: "fixed", delay: "soon" }, "retry.delay must be a duration"],
    [{ delay: "1s" }, 'retry.delay goes with backoff: "fixed" only'],
    [{ backoff: { min: "x" } }, "retry.backoff.min must be a duration"],
    [{ backoff: { max: -1 } }, "retry.backoff.max must be a duration"],
    [{ backoff: { min: "2s", max: "1s" } }, "must not be below"],
    [{ backoff: { factor: 0.5 } }, "factor must be a number from 1 to 100"],
    [{ backoff: { jitter: 1.1 } }, "jitter must be a number from 0 to 1"],
    [{ backoff: { jitter: Number.NaN } }, "jitter must be"],
    [{ backoff: { base: 2 } }, 'retry.backoff has no option "base"'],
    [7, "retry takes an object of options"],
  ])("case %#", (options, says) => {
    expect(() => retryPolicy(options as RetryOptions, undefined)).toThrow(
      coded("INVALID_OPTION", says),
    );
  });

  test("a delay of undefined counts as not given", () => {
    const options = { delay: undefined, attempts: 2 } as unknown as RetryOptions;
    expect(retryPolicy(options, undefined).attempts).toBe(2);
  });
});
