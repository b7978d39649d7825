import { describe, expect, test } from "vitest";
import { policy } from "../../../../test/support/claimed-job.ts";
import type { NewJob } from "../../../core/new-job.ts";
import { chunksOf, createInsertJobs } from "./insert-jobs.ts";
import type { Query } from "./session.ts";

function jobs(count: number, payload = "1"): readonly NewJob[] {
  return Array.from({ length: count }, () => ({
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
  }));
}

const sizes = (all: readonly NewJob[]) => chunksOf(all).map((chunk) => chunk.length);

describe("chunks", () => {
  test("hold at most 5,000 jobs", () => {
    expect(sizes([])).toEqual([]);
    expect(sizes(jobs(5_000))).toEqual([5_000]);
    expect(sizes(jobs(10_001))).toEqual([5_000, 5_000, 1]);
  });

  test("hold few large payloads, and one however large", () => {
    const million = "x".repeat(1_000_000);
    expect(sizes(jobs(9, million))).toEqual([4, 4, 1]);
    expect(sizes([...jobs(1), ...jobs(2, "x".repeat(5_000_000)), ...jobs(2)])).toEqual([
      1, 1, 1, 2,
    ]);
  });
});

describe("inserting", () => {
  const given = Array.from({ length: 12_000 }, (_, index) => String(index + 1));

  test("sends one statement after the other and gives the ids in order", async () => {
    const lists: string[] = [];
    let inFlight = 0;
    const query: Query = async <Row>(_sql: string, params: readonly unknown[] = []) => {
      inFlight += 1;
      expect(inFlight).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      const ids = String(params[0]).slice(1, -1);
      lists.push(ids);
      return [{ ids }] as Row[];
    };
    const stored = await createInsertJobs("s")(query, chunksOf(jobs(12_000)), { ids: given });
    expect(lists.map((list) => list.split(",").length)).toEqual([5_000, 5_000, 2_000]);
    expect(stored).toEqual(given);
  });

  test("stops at the first statement that fails", async () => {
    let sent = 0;
    const query: Query = async () => {
      sent += 1;
      throw new Error("refused");
    };
    const inserting = createInsertJobs("s")(query, chunksOf(jobs(12_000)), { ids: given });
    await expect(inserting).rejects.toThrow("refused");
    expect(sent).toBe(1);
  });
});
