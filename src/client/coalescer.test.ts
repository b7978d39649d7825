import { beforeEach, describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { policy } from "../../test/support/claimed-job.ts";
import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import { type ErrorCode, HoldfastError } from "../core/errors.ts";
import type { NewJob } from "../core/new-job.ts";
import { createCoalescer } from "./coalescer.ts";

function job(payload: string): NewJob {
  return {
    name: "report",
    version: 1,
    queue: "default",
    priority: 5,
    payload,
    createdAt: 0,
    runAt: 0,
    policy: policy(),
    unique: null,
    tags: [],
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

let inserts: string[][];
let refuse: (payloads: readonly string[]) => void;

/** An insert that answers with the payloads as ids, one turn later. */
async function insertJobs(jobs: readonly NewJob[]): Promise<readonly EnqueueReceipt[]> {
  const payloads = jobs.map(({ payload }) => payload);
  inserts.push(payloads);
  await turn();
  refuse(payloads);
  return payloads.map((id) => ({ id, outcome: "enqueued" }));
}

beforeEach(() => {
  inserts = [];
  refuse = () => {};
});

const idsOf = (receipts: readonly EnqueueReceipt[]) => receipts.map(({ id }) => id);
const letters = ["a", "b", "c", "d", "e"];

describe("a coalescer", () => {
  test("stores calls of one turn in one insert, each with its own receipt, in order", async () => {
    const { insert } = createCoalescer(insertJobs);
    const receipts = await Promise.all(letters.map((letter) => insert(job(letter))));
    expect(idsOf(receipts)).toEqual(letters);
    expect(inserts).toEqual([letters]);
  });

  test("gathers what arrives while an insert is in flight", async () => {
    const { insert } = createCoalescer(insertJobs);
    const first = insert(job("a"));
    await turn();
    const others = ["b", "c"].map((letter) => insert(job(letter)));
    expect(idsOf(await Promise.all([first, ...others]))).toEqual(["a", "b", "c"]);
    expect(inserts).toEqual([["a"], ["b", "c"]]);
  });

  test("keeps callers together that enqueue again as soon as they are answered", async () => {
    const { insert } = createCoalescer(insertJobs);
    const caller = async (letter: string) => {
      for (let round = 0; round < 3; round += 1) await insert(job(letter));
    };
    await Promise.all(letters.map(caller));
    expect(inserts).toEqual([letters, letters, letters]);
  });

  test("takes at most 2,000 rows at a time", async () => {
    const { insert } = createCoalescer(insertJobs);
    await Promise.all(Array.from({ length: 4_500 }, (_, index) => insert(job(String(index)))));
    expect(inserts.map((rows) => rows.length)).toEqual([2_000, 2_000, 500]);
  });

  test("takes few large payloads at a time, and one however large", async () => {
    const { insert } = createCoalescer(insertJobs);
    const mebibytes = (count: number) => job("x".repeat(count * 1_048_576));
    await Promise.all([1, 2, 1, 2, 5, 1].map((count) => insert(mebibytes(count))));
    expect(inserts.map((rows) => rows.length)).toEqual([3, 1, 1, 1]);
  });

  test("one bad row hurts nobody else", async () => {
    refuse = (payloads) => {
      if (payloads.includes("d")) throw new HoldfastError("STORAGE_FAILED", "bad row");
    };
    const { insert } = createCoalescer(insertJobs);
    const ends = await Promise.allSettled(letters.map((letter) => insert(job(letter))));
    expect(ends.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    const stored = inserts.filter((rows) => !rows.includes("d")).flat();
    expect(stored.toSorted(), "each neighbour is stored once").toEqual(["a", "b", "c", "e"]);
  });

  test("an error that is not Holdfast's is taken for one row's fault too", async () => {
    refuse = (payloads) => {
      if (payloads.includes("a")) throw new TypeError("surprise");
    };
    const { insert } = createCoalescer(insertJobs);
    const bad = insert(job("a"));
    const good = insert(job("b"));
    await expect(bad).rejects.toThrow("surprise");
    await expect(good).resolves.toEqual({ id: "b", outcome: "enqueued" });
  });

  test.each<ErrorCode>([
    "ENQUEUE_UNKNOWN",
    "STORAGE_UNAVAILABLE",
    "STORAGE_BUSY",
    "STORAGE_READ_ONLY",
  ])("%s goes to every caller and nothing is repeated", async (code) => {
    refuse = () => {
      throw new HoldfastError(code, "for everyone");
    };
    const { insert } = createCoalescer(insertJobs);
    const calls = letters.map((letter) => insert(job(letter)));
    for (const call of calls) await expect(call).rejects.toThrow(coded(code));
    expect(inserts).toEqual([letters]);
  });

  test("goes on after a failure", async () => {
    refuse = () => {
      throw new HoldfastError("STORAGE_UNAVAILABLE", "away");
    };
    const { insert } = createCoalescer(insertJobs);
    await expect(insert(job("a"))).rejects.toThrow(coded("STORAGE_UNAVAILABLE"));
    refuse = () => {};
    await expect(insert(job("b"))).resolves.toEqual({ id: "b", outcome: "enqueued" });
  });
});
