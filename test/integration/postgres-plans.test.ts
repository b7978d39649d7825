import type { Storage } from "holdfast";
import { postgresStorage } from "holdfast/postgres";
import pg from "pg";
import { beforeAll, describe, expect, inject, test } from "vitest";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import { settle } from "../../src/core/lifecycle.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { aJob, claim, enqueue, hire, someJobs, t0, uniqueOn } from "../conformance/jobs.ts";
import { freshDatabase } from "../support/fresh-database.ts";
import { type WatchedPool, watchedPool } from "../support/watched-pool.ts";

/** Every plan of a statement is told as a notice, nested ones included, with the buffers it touched. */
const explaining = {
  session_preload_libraries: "auto_explain",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_nested_statements": "on",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_buffers": "on",
  "auto_explain.log_timing": "off",
  client_min_messages: "log",
};

const deadJobs = 30_000;
const finishedJobs = 20_000;
const waitingJobs = 20_000;

/**
 * A database as it is after a bad hour: a snapshot pinned before tens of thousands of jobs came and went, and as many
 * waiting for later. No statistics were ever gathered.
 */
async function bloat(url: string): Promise<pg.Client> {
  const pin = new pg.Client(url);
  await pin.connect();
  await pin.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  await pin.query("SELECT 1 FROM pg_class LIMIT 1");
  const client = new pg.Client(url);
  await client.connect();
  const common = `created_at, run_at, version, priority, name, queue, payload`;
  const values = `${t0}, ${t0}, 1, 5, 'work', 'default', '{}'`;
  await client.query(`
    INSERT INTO holdfast.live (id, seq, ${common})
      SELECT nextval('holdfast.job_id'), nextval('holdfast.job_seq'), ${values} FROM generate_series(1, ${deadJobs});
    DELETE FROM holdfast.live;
    INSERT INTO holdfast.later (id, retrying, created_at, run_at, version, priority, name, queue, payload)
      SELECT nextval('holdfast.job_id'), false, ${t0}, ${t0} + 3600000 + i, 1, 5, 'work', 'default', '{}'
      FROM generate_series(1, ${waitingJobs}) AS i;
    INSERT INTO holdfast.done (id, ${common}, finished_at)
      SELECT nextval('holdfast.job_id'), ${values}, ${t0} FROM generate_series(1, ${finishedJobs});
    INSERT INTO holdfast.done_expiry (bucket, ids) SELECT 99999, ARRAY[id] FROM holdfast.done;
    INSERT INTO holdfast.dead (id, ${common}, finished_at, bucket, state)
      SELECT nextval('holdfast.job_id'), ${values}, ${t0}, 99999, 'discarded' FROM generate_series(1, ${finishedJobs});
    INSERT INTO holdfast.uniq (name, key, holder)
      SELECT 'work', 'key ' || i, i FROM generate_series(1, ${finishedJobs}) AS i;
    INSERT INTO holdfast.stat (span_ms, at, queue, name, enqueued, started, completed, rescheduled, snoozed, failed,
        retried, discarded, cancelled, rescued, waiting, running)
      SELECT 60000, ${t0} - ${t0} % 60000 - i * 60000, 'default', 'work' || n, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, '1:1', '2:1'
      FROM generate_series(1, 2880) AS i, generate_series(1, 7) AS n;
    INSERT INTO holdfast.stat_line (at, queue, name, tally)
      SELECT ${t0} - ${t0} % 60000, 'default', 'work', 'e1' FROM generate_series(1, ${deadJobs});
    DELETE FROM holdfast.stat_line;
    INSERT INTO holdfast.capped (queue, seq, job, run)
      SELECT 'capped', nextval('holdfast.job_seq'), i, 1 FROM generate_series(1, ${finishedJobs}) AS i;
    INSERT INTO holdfast.keylock (key, job) SELECT 'lane:gone ' || i, i FROM generate_series(1, ${finishedJobs}) AS i;
    INSERT INTO holdfast.blocked (id, seq, ${common}, gates, gate)
      SELECT nextval('holdfast.job_id'), nextval('holdfast.job_seq'), ${t0}, ${t0}, 1, 5, 'work', q.queue, '{}',
        '[{"gate":"lane:deep","weight":1}]', 'lane:deep'
      FROM (VALUES ('unserved'), ('default')) AS q(queue), generate_series(1, ${waitingJobs / 2})`);
  await client.end();
  return pin;
}

describe("on a bloated database, without statistics", () => {
  let watched: WatchedPool;
  let storage: Storage;
  let owner: string;

  beforeAll(async () => {
    const database = await freshDatabase(inject("databaseUrl"));
    const setUp = await postgresStorage({ url: database.url });
    await setUp.migrate();
    const pin = await bloat(database.url);
    watched = watchedPool(database.url, explaining);
    storage = await postgresStorage({ pool: watched.pool });
    owner = await hire(setUp);
    return async () => {
      await storage.close();
      await setUp.close();
      await watched.pool.end();
      await pin.end();
      await database.drop();
    };
  }, 120_000);

  /** The plans of the statements that a call sends. */
  async function plansOf(call: () => Promise<unknown>): Promise<string> {
    watched.clear();
    await call();
    return watched.notices.filter((notice) => notice.includes("plan:")).join("\n\n");
  }

  /** Fails on any walk over a whole table of jobs that is not tiny, and on a sort of one. */
  function expectIndexes(plans: string, ...indexes: readonly RegExp[]): void {
    const walks = plans
      .split("\n")
      .filter((line) =>
        /Seq Scan on (live|later|blocked|done|dead|uniq|done_expiry|stat)\b/.test(line),
      )
      .filter((line) => !line.includes("(never executed)"));
    expect(walks, plans).toEqual([]);
    for (const index of indexes) expect(plans).toMatch(index);
  }

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
    expectIndexes(plans, /later_due/);
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

/** The most rows that one step read of any of the tables. */
function rowsRead(plans: string, tables: string): number {
  const steps = plans.matchAll(
    new RegExp(`Scan [^\\n]*on (?:${tables})\\b[^\\n]*actual rows=([\\d.]+)`, "g"),
  );
  return Math.max(0, ...[...steps].map(([, rows]) => Number(rows)));
}

function request(owner: string, floors: Parameters<Storage["claimJobs"]>[0]["floors"]) {
  const queues = [{ queue: "default", limit: 20 }];
  return { owner, queues, limit: 20, handlers: { work: 1 }, floors, now: t0 };
}

function ending(job: ClaimedJob, outcome: Outcome) {
  return settle(job, outcome, { now: t0, random: 0, began: t0 });
}
