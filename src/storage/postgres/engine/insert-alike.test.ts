import { describe, expect, test } from "vitest";
import { defaultRetryPolicy } from "../../../core/defaults.ts";
import type { NewJob } from "../../../core/new-job.ts";
import { areAlike, createInsertAlike } from "./insert-alike.ts";
import type { Query } from "./session.ts";

const shared = { policy: defaultRetryPolicy, tags: [] };

function job(own: Partial<NewJob> = {}): NewJob {
  return {
    name: "report",
    version: 1,
    queue: "default",
    priority: 5,
    payload: "1",
    createdAt: 7,
    runAt: 7,
    unique: null,
    ...shared,
    ...own,
  };
}

describe("jobs are alike", () => {
  test("whatever their payloads and moments", () => {
    expect(areAlike([job()])).toBe(true);
    expect(areAlike([job(), job({ payload: "2", createdAt: 8, runAt: 8 })])).toBe(true);
  });

  test.each<[string, Partial<NewJob>]>([
    ["name", { name: "other" }],
    ["version", { version: 2 }],
    ["queue", { queue: "other" }],
    ["priority", { priority: 1 }],
    ["policy", { policy: { ...defaultRetryPolicy, attempts: 1 } }],
    ["tags", { tags: ["a"] }],
    ["time", { runAt: 8 }],
    ["unique key", { unique: { key: "k", while: "waiting", onConflict: "keep" } as never }],
  ])("unless one has another %s", (_what, other) => {
    expect(areAlike([job(), job(other)])).toBe(false);
  });

  test("only when they are due now and without a key, and when there are any", () => {
    expect(areAlike([])).toBe(false);
    expect(areAlike([job({ runAt: 8 })])).toBe(false);
    expect(areAlike([job({ unique: { key: "k" } as never })])).toBe(false);
  });

  test("as long as one call carries them", () => {
    expect(areAlike(Array.from({ length: 250 }, () => job()))).toBe(true);
    expect(areAlike(Array.from({ length: 251 }, () => job()))).toBe(false);
    const large = job({ payload: "x".repeat(3_000_000) });
    expect(areAlike([large])).toBe(true);
    expect(areAlike([large, large])).toBe(false);
  });
});

describe("storing jobs that are alike", () => {
  const sent: { sql: string; params: readonly unknown[] }[] = [];
  const answering =
    (ids: string): Query =>
    async <Row>(sql: string, params: readonly unknown[] = []) => {
      sent.push({ sql, params });
      return [{ ids }] as Row[];
    };
  const insert = createInsertAlike('"s"', "me");

  test("takes one call for one", async () => {
    expect(await insert(answering("4"), [job()])).toEqual(["4"]);
    expect(sent.at(-1)?.sql).toContain('"s".enqueue_one(');
    expect(sent.at(-1)?.params).toEqual([
      "report",
      1,
      "default",
      5,
      null,
      null,
      "me",
      7,
      "1",
      null,
    ]);
  });

  test("takes one call for many, and gives their ids in order", async () => {
    const jobs = [job({ tags: shared.tags }), job({ payload: '"2"', createdAt: 8, runAt: 8 })];
    expect(await insert(answering("4,6"), jobs)).toEqual(["4", "6"]);
    expect(sent.at(-1)?.sql).toContain('"s".enqueue_some(');
    expect(sent.at(-1)?.params.slice(7)).toEqual(["{7,8}", '1\u001f"2"', null]);
  });

  test("takes their traces along, in order, when any has one", async () => {
    await insert(answering("4"), [job({ trace: "a" })]);
    expect(sent.at(-1)?.params.at(-1)).toBe("a");
    await insert(answering("4,6,8"), [job(), job({ trace: "a" }), job({ trace: "b" })]);
    expect(sent.at(-1)?.params.at(-1)).toEqual([null, "a", "b"]);
  });
});
