import type { Storage } from "holdfast";
import { beforeAll, describe, expect, test } from "vitest";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import { settle } from "../../src/core/lifecycle.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { aJob, claim, enqueue, someJobs, t0, uniqueOn } from "../conformance/jobs.ts";
import {
  type BloatedDatabase,
  bloatedDatabase,
  expectIndexes,
} from "../support/bloated-database.ts";

describe("on a bloated database, without statistics", () => {
  let bloated: BloatedDatabase;
  let storage: Storage;
  let owner: string;

  beforeAll(async () => {
    bloated = await bloatedDatabase();
    ({ storage, owner } = bloated);
    return () => bloated.remove();
  }, 120_000);

  const plansOf: BloatedDatabase["plansOf"] = (call) => bloated.plansOf(call);

  test("a claim walks the ready index of each child, in order, and then their keys", async () => {
    await enqueue(storage, ...someJobs(50));
    const plans = await plansOf(() => claim(storage, owner, { limit: 20 }));
    expectIndexes(
      plans,
      /Merge Append/,
      /Index Scan using live_\d_queue_priority_seq_idx/,
      /Index Scan using live_\d_pkey/,
    );
  });

  test("a claim from its floor touches few pages, however many jobs came and went", async () => {
    await enqueue(storage, ...someJobs(100));
    const first = await storage.claimJobs(request(owner, {}));
    const plans = await plansOf(() => storage.claimJobs(request(owner, first.floors)));
    const hits = [...plans.matchAll(/Buffers: shared hit=(\d+)/g)].map(([, count]) =>
      Number(count),
    );
    expect(Math.max(...hits)).toBeLessThan(600);
  });

  test("a claim of a queue with a maxRunning counts by an index, and steps over what has ended before", async () => {
    await storage.updateQueue("capped", { maxRunning: 4 }, { now: t0, by: null });
    await enqueue(storage, ...someJobs(50, { queue: "capped" }));
    const take = (limit: number) =>
      storage.claimCapped({ ...request(owner, {}), queue: "capped", limit, part: 9 });
    const plans = await plansOf(() => take(2));
    expectIndexes(
      plans,
      /Index (Only )?Scan using capped_pkey/,
      /Index Scan using live_\d_queue_priority_seq_idx/,
      /Index Scan using live_\d_pkey/,
    );
    expect(plans).not.toMatch(/Seq Scan on capped/);
    const { jobs } = await take(2);
    await storage.settleJobs(
      jobs.map((job) => ending(job, { kind: "completed" })),
      t0,
    );
    const again = await plansOf(() => take(2));
    const counting = again.split("\n\n").find((plan) => /count\(l\.id\)/.test(plan)) ?? "";
    const [, hits] = /Buffers: shared hit=(\d+)/.exec(counting) ?? [];
    expect(Number(hits), again).toBeLessThan(100);
  });

  test("the names of queues are read between those known, by indexes alone", async () => {
    await storage.insertJobs(someJobs(1, { queue: "new" }));
    const plans = await plansOf(async () => {
      expect((await storage.readOrders(owner, true)).names).toContain("new");
    });
    expectIndexes(
      plans,
      /Index (Only )?Scan using live_\d_queue_priority_seq_idx/,
      /blocked_queue/,
    );
  });

  test.each([
    ["near each other, without a join", 1, /Delete on live/],
    ["far apart, by a hash", 5, /Hash Join/],
  ])("a turn finishes jobs with ids %s, and claims, by indexes alone", async (_, step, how) => {
    await enqueue(storage, ...someJobs(40));
    const jobs = await claim(storage, owner, { limit: 20 });
    const finished = jobs.filter((_job, index) => index % step === 0);
    const plans = await plansOf(() =>
      storage.settleAndClaim(
        finished.map((job) => ending(job, { kind: "completed" })),
        request(owner, {}),
      ),
    );
    expectIndexes(
      plans,
      how,
      /Index Scan using live_\d_pkey/,
      /Index Scan using live_\d_queue_priority_seq_idx/,
    );
    if (step === 1) expect(plans).not.toMatch(/Hash Join/);
  });

  test("other endings find their job by its key", async () => {
    await enqueue(storage, ...someJobs(3));
    const jobs = await claim(storage, owner, { limit: 3 });
    const [later, dead, back] = jobs;
    if (later === undefined || dead === undefined || back === undefined) throw new Error("no jobs");
    const plans = await plansOf(() =>
      storage.settleJobs(
        [
          ending(later, { kind: "snoozed", runAt: t0 + 1e6 }),
          ending(dead, { kind: "cancelled", why: "so", by: null }),
          ending(back, { kind: "released" }),
        ],
        t0,
      ),
    );
    expectIndexes(plans, /live_\d_pkey/);
  });

  test("an insert reads nothing", async () => {
    expectIndexes(await plansOf(() => enqueue(storage, ...someJobs(20))));
  });

  test("incident 48: a unique enqueue among very many keys walks to its own, whether that is free or held", async () => {
    const one = (key: string) => storage.insertJobs([aJob({ unique: uniqueOn(key) })]);
    for (const [key, outcome] of [
      ["a new key", "enqueued"],
      ["key 7", "existing"],
      ["a new key", "existing"],
    ] as const) {
      let found = "";
      const plans = await plansOf(async () => void (found = (await one(key))[0]?.outcome ?? ""));
      expect(found).toBe(outcome);
      expectIndexes(plans);
    }
    expectIndexes(await plansOf(() => one("key 8")), /Index (Only )?Scan using uniq_pkey/);
  });

  test("promotion walks the due index from its front", async () => {
    const plans = await plansOf(() => storage.promoteJobs(100, t0 + 3_600_000 + 50));
    // Whether anybody is blocked the first row says.
    const firstRow =
      /Seq Scan on blocked .*actual rows=1\.?0* loops=1\)\s+Buffers: shared hit=\d\b/g;
    expectIndexes(plans.replaceAll(firstRow, ""), /later_due/, /operation_running/);
  });

  test("an admission walks the line's index to its head, past those that cannot run, and then keys", async () => {
    const plans = await plansOf(async () => {
      const { rows, more } = await storage.admitJobs(["lane:deep"], t0);
      expect([rows, more], "one of twenty thousand").toEqual([1, false]);
    });
    expectIndexes(
      plans,
      /Index (Only )?Scan using blocked_line/,
      /Index (Only )?Scan using keylock_pkey/,
      /Index (Only )?Scan using live_\d_pkey/,
      /Index Scan using blocked_pkey/,
    );
    expect(plans).not.toMatch(/Seq Scan on keylock/);
    const again = await plansOf(() => storage.admitJobs(["lane:deep"], t0));
    expect(again, "a lane that is held is not walked").not.toMatch(/blocked_line/);
  });

  test("a pass steps from gate to gate and from permit to permit", async () => {
    const plans = await plansOf(() => storage.admitWaiting(100, t0));
    expectIndexes(
      plans,
      /Index (Only )?Scan using blocked_line/,
      /Index (Only )?Scan using keylock_pkey/,
      /Index (Only )?Scan using live_\d_pkey/,
    );
    expect(plans).not.toMatch(/Seq Scan on keylock/);
  });

  test("putting jobs before their gates, and taking them from there, walk keys", async () => {
    const gates = [{ gate: "lane:b", weight: 1 }];
    expectIndexes(await plansOf(() => enqueue(storage, ...someJobs(20, { gates }))));
    const [id = ""] = await enqueue(storage, ...someJobs(1, { gates }));
    expectIndexes(
      await plansOf(() => storage.cancelJob(id, { why: "", by: null, at: t0 })),
      /blocked_pkey/,
    );
  });

  test("reading and cancelling one job walk keys", async () => {
    const [id = ""] = await enqueue(storage, ...someJobs(1));
    expectIndexes(await plansOf(() => storage.getJob(id)), /done_pkey/, /later_pkey/, /dead_pkey/);
    expectIndexes(await plansOf(() => storage.findEnds([id])), /done_pkey/);
    expectIndexes(
      await plansOf(() => storage.cancelJob(id, { why: "", by: null, at: t0 })),
      /later_pkey/,
    );
  });

  test("looking for what has expired walks the index of expiry", async () => {
    expectIndexes(
      await plansOf(() => storage.pruneJobs(100, t0)),
      /done_expiry_bucket/,
      /dead_expiry/,
    );
  });

  test("how queues stand is read at the heads of their lines, by indexes alone", async () => {
    await enqueue(storage, ...someJobs(20), ...someJobs(3, { runAt: t0 - 1, createdAt: t0 - 2 }));
    const plans = await plansOf(async () => {
      const gauges = await storage.readGauges(t0);
      expect(gauges.find(({ name }) => name === "default")?.dueSince).toBeLessThanOrEqual(t0);
    });
    expectIndexes(plans, /Index Scan using live_\d_queue_priority_seq_idx/, /later_due/);
    expect(plans, "nothing is sorted").not.toMatch(
      /Sort {2}\([^\n]*\n\s+Sort Key: \(*(live|later)/,
    );
  });

  test("what was counted is added up by keys, and read by its time", async () => {
    const kept = { minutesMs: 86_400_000, allMs: 30 * 86_400_000 };
    await enqueue(storage, ...someJobs(20));
    const plans = await plansOf(() => storage.rollUpStats(100, t0, kept));
    expectIndexes(
      plans,
      /Index (Only )?Scan using stat_line_pkey/,
      /Index (Only )?Scan using stat_pkey/,
    );
    expect(plans).not.toMatch(/Seq Scan on stat_line/);
    const hour = 3_600_000;
    expectIndexes(
      await plansOf(() => storage.readStats({ from: t0 - hour, to: t0 + hour, queue: "default" })),
      /Scan (using|on) stat_pkey/,
    );
  });

  test("adding up goes on from where it was, however many lines came and went", async () => {
    const kept = { minutesMs: 86_400_000, allMs: 30 * 86_400_000 };
    await enqueue(storage, ...someJobs(20));
    while ((await storage.rollUpStats(5_000, t0, kept)).more);
    await enqueue(storage, ...someJobs(20));
    const plans = await plansOf(() => storage.rollUpStats(100, t0, kept));
    const [hits] = [
      ...plans.matchAll(
        /Index Only Scan using stat_line_pkey[^\n]*\n[^\n]*\n[^\n]*\n[^\n]*\n\s+Buffers: shared hit=(\d+)/g,
      ),
    ];
    expect(Number(hits?.[1]), plans).toBeLessThan(20);
  });

  test("removing what has expired walks the index of expiry and then the jobs' keys", async () => {
    await enqueue(storage, ...someJobs(20));
    const jobs = await claim(storage, owner, { limit: 20 });
    const { settled } = await storage.settleAndClaim(
      jobs.map((job) => ending(job, { kind: "completed" })),
      { ...request(owner, {}), queues: [], limit: 0 },
    );
    expect(settled).toHaveLength(20);
    const plans = await plansOf(() => storage.pruneJobs(100, t0 + 9 * 86_400_000));
    expectIndexes(plans, /done_expiry_bucket/, /done_pkey/);
  });
});

function request(owner: string, floors: Parameters<Storage["claimJobs"]>[0]["floors"]) {
  const queues = [{ queue: "default", limit: 20 }];
  return { owner, queues, limit: 20, handlers: { work: 1 }, floors, now: t0 };
}

function ending(job: ClaimedJob, outcome: Outcome) {
  return settle(job, outcome, { now: t0, random: 0, began: t0 });
}
