import type { Storage } from "holdfast";
import { beforeAll, describe, expect, test } from "vitest";
import { enqueue, someJobs, t0 } from "../conformance/jobs.ts";
import {
  type BloatedDatabase,
  bloatedDatabase,
  expectIndexes,
  rowsRead,
} from "../support/bloated-database.ts";

describe("a page for people on a bloated database, without statistics", () => {
  let bloated: BloatedDatabase;
  let storage: Storage;

  beforeAll(async () => {
    bloated = await bloatedDatabase();
    ({ storage } = bloated);
    return () => bloated.remove();
  }, 120_000);

  const plansOf: BloatedDatabase["plansOf"] = (call) => bloated.plansOf(call);

  test("a bounded search and count read no more rows of a table than they may, by keys alone", async () => {
    const searchAtMost = 100;
    for (const query of [
      {},
      { name: "s*" },
      { states: ["discarded"] },
      { error: "x", tag: "t" },
    ] as const) {
      const plans = await plansOf(async () => {
        await storage.searchJobs(query, { limit: 10, searchAtMost });
        await storage.searchJobs(query, { limit: 10, searchAtMost, after: "60000" });
        await storage.countUpTo(query, searchAtMost);
        await storage.countStretch(query, "0", searchAtMost);
        await storage.countStretch(query, "60000", searchAtMost);
      });
      expectIndexes(plans, /dead_pkey/);
      expect(rowsRead(plans, "done|dead|later|blocked"), plans).toBeLessThanOrEqual(
        searchAtMost + 1,
      );
    }
    await enqueue(storage, ...someJobs(600));
    const running = plansOf(() =>
      storage.searchJobs({ states: ["running"] }, { limit: 10, searchAtMost }),
    );
    expectIndexes(await running, /Index Scan using live_\d_queue_priority_seq_idx/);
    expect(rowsRead(await running, "live_\\d"), await running).toBeLessThanOrEqual(500);
  });

  test("a look at the audit walks it no further than told", async () => {
    const entry = { at: t0, by: "ada", action: "jobs.cancel", target: "job:1", details: {} };
    for (let nth = 0; nth < 300; nth += 1) await storage.writeAudit(entry);
    const bounds = { limit: 10, lookAtMost: 100 };
    for (const filter of [{ by: "bob" }, { action: "x", by: "ada" }]) {
      const plans = await plansOf(() => storage.listAudit(filter, bounds));
      expect(rowsRead(plans, "audit"), plans).toBeLessThanOrEqual(100);
    }
  });

  test("queues are counted, and a job's surroundings looked at, by indexes and no further than told", async () => {
    const [id = ""] = await enqueue(storage, ...someJobs(600, { queue: "counted" }));
    const plans = await plansOf(async () => {
      const queues = await storage.countQueues(100);
      expect(queues.find(({ name }) => name === "counted")?.atLeast).toContain("available");
      const job = await storage.getJob(id);
      if (job !== undefined) await storage.lookAround(job, t0);
    });
    expectIndexes(
      plans,
      /Index Scan using live_\d_queue_priority_seq_idx/,
      /later_due/,
      /blocked_queue/,
    );
    expect(rowsRead(plans, "later|blocked"), plans).toBeLessThanOrEqual(100);
    expect(rowsRead(plans, "live_\\d"), plans).toBeLessThanOrEqual(600);
  });

  test("what goes on is looked at by indexes and no further than told", async () => {
    await enqueue(storage, ...someJobs(600, { queue: "unserved" }), ...someJobs(600));
    await enqueue(storage, ...someJobs(1_000, { runAt: t0 + 1 }));
    const lookAtMost = 1_000;
    const plans = await plansOf(async () => {
      const { waiting, lines, overdue } = await storage.readActivity(t0 + 2, lookAtMost);
      expect(waiting).toContainEqual(
        expect.objectContaining({ queue: "unserved", name: "work", atLeast: true }),
      );
      expect(lines).toEqual([{ gate: "lane:deep", jobs: lookAtMost, atLeast: true }]);
      expect(overdue).toEqual({ jobs: lookAtMost, atLeast: true, oldestAt: t0 + 1 });
    });
    expectIndexes(
      plans,
      /Index Scan using live_\d_queue_priority_seq_idx/,
      /later_due/,
      /blocked_pkey/,
      /blocked_queue/,
      /blocked_line/,
      /done_pkey/,
    );
    expect(rowsRead(plans, "later|blocked|done"), plans).toBeLessThanOrEqual(lookAtMost);
    expect(rowsRead(plans, "live_\\d"), plans).toBeLessThanOrEqual(600);
  });

  test("that is so with statistics too, of queues and gates with fewer jobs than may be looked at", async () => {
    await storage.transact((tx) => tx.query("ANALYZE"));
    const lookAtMost = 30_000;
    const plans = await plansOf(async () => {
      await storage.countQueues(lookAtMost);
      await storage.readActivity(t0 + 2, lookAtMost);
    });
    expectIndexes(plans, /blocked_queue/, /blocked_line/, /later_due/);
    expect(plans).not.toMatch(/Seq Scan on live_/);
  });
});
