import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { checkEnqueueOptions, dueAt, type EnqueueOptions } from "./enqueue-options.ts";

function check(options: unknown): () => void {
  return () => checkEnqueueOptions(options as EnqueueOptions<never>);
}

describe("enqueue options", () => {
  test("take every option there is", () => {
    const unique = { key: "k", within: "1h" } as const;
    expect(
      check({ delay: "1m", priority: 0, queue: "q", unique, tags: ["a"], tx: {} }),
    ).not.toThrow();
    expect(check({ runAt: new Date(), priority: 9, unique: null, tags: [] })).not.toThrow();
    expect(check({ runAt: 1.5 })).not.toThrow();
    expect(check({ idempotencyKey: "order-1" })).not.toThrow();
    expect(check({ idempotencyKey: { key: "order-1", keep: "7d" } })).not.toThrow();
  });

  test.each<readonly [unknown, string]>([
    [{ wait: 1 }, 'enqueue has no option "wait"'],
    [null, "enqueue takes an object of options"],
    [{ priority: 10 }, "priority must be a whole number from 0 to 9"],
    [{ priority: -1 }, "priority must be"],
    [{ priority: 1.5 }, "priority must be"],
    [{ queue: "" }, "queue must be"],
    [{ queue: 7 }, "queue must be"],
    [{ runAt: "tomorrow" }, "runAt must be a Date"],
    [{ runAt: new Date(Number.NaN) }, "runAt must be a Date"],
    [{ runAt: Number.POSITIVE_INFINITY }, "runAt must be a Date"],
    [{ runAt: -1 }, "runAt must be a Date"],
    [{ runAt: 8.64e15 + 1 }, "runAt must be a Date"],
    [{ delay: 1, runAt: 1 }, "delay or runAt, not both"],
    [{ tags: "a" }, "tags must be at most 32 non-empty strings"],
    [{ tags: [""] }, "tags must be"],
    [{ tags: Array.from({ length: 33 }, String) }, "tags must be"],
    [{ unique: "k" }, "unique must be unique options or null"],
    [{ unique: {} }, "unique needs a key"],
    [{ idempotencyKey: "" }, "idempotencyKey must be text of 1 to 255 characters"],
    [{ idempotencyKey: 7 }, "idempotencyKey must be text"],
    [{ idempotencyKey: {} }, "idempotencyKey must be 1 to 255 characters"],
    [{ idempotencyKey: { key: "a", keep: "long" } }, "idempotencyKey.keep"],
    [{ tx: "postgres://" }, "tx must be an open transaction"],
    [{ tx: null }, "tx must be an open transaction"],
  ])("refuse what is wrong, by name (case %#)", (options, says) => {
    expect(check(options)).toThrow(coded("INVALID_OPTION", says));
  });
});

describe("a job is due", () => {
  const now = 1_000_000;

  test("now, unless it was put off", () => {
    expect(dueAt({}, now)).toBe(now);
  });

  test("after its delay", () => {
    expect(dueAt({ delay: "10s" }, now)).toBe(now + 10_000);
    expect(() => dueAt({ delay: "soon" as "1s" }, now)).toThrow(coded("INVALID_OPTION", "delay"));
  });

  test("at runAt, and now when that has passed", () => {
    expect(dueAt({ runAt: new Date(now + 5) }, now)).toBe(now + 5);
    expect(dueAt({ runAt: now + 5.4 }, now)).toBe(now + 5);
    expect(dueAt({ runAt: 0 }, now)).toBe(now);
  });
});
