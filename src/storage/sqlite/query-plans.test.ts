import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import type { ClaimedJob } from "../../core/claimed-job.ts";
import { defaultRetryPolicy } from "../../core/defaults.ts";
import type { NewJob } from "../../core/new-job.ts";
import type { Settlement } from "../../core/settlement.ts";
import type { ClaimRequest } from "../contract/claim.ts";
import type { Storage } from "../contract/storage.ts";
import type { SqliteHandle } from "./engine/handle.ts";
import { loadSqlite } from "./engine/load-sqlite.ts";

const prepared = vi.hoisted(() => new Set<string>());

vi.mock(import("./engine/load-sqlite.ts"), async (importOriginal) => {
  const Library = await (await importOriginal()).loadSqlite();
  class Recording extends Library {
    override prepare(sql: string) {
      prepared.add(sql);
      return super.prepare(sql);
    }
  }
  return { loadSqlite: async () => Recording };
});

const now = 1_750_000_000_000;
const dayMs = 86_400_000;

function jobs(count: number, given: Partial<NewJob> = {}): NewJob[] {
  const job: NewJob = {
    name: "work",
    version: 1,
    queue: "default",
    priority: 5,
    payload: "{}",
    createdAt: now,
    runAt: now,
    policy: defaultRetryPolicy,
    unique: null,
    tags: [],
    ...given,
  };
  return Array.from({ length: count }, () => job);
}

function ending(job: ClaimedJob, to: Settlement["to"], plain = false): Settlement {
  const { lease, attempt } = job;
  const { run, owner } = lease;
  const success = {
    number: attempt,
    run,
    worker: owner,
    began: now,
    ended: now,
    how: "completed",
  } as const;
  return {
    lease,
    to,
    runAt: to === "retryable" ? now + 1 : null,
    attempt,
    crashes: 0,
    backoffMs: 0,
    attempts: plain ? [success] : [],
    reason: null,
    unlessCancelRequested: false,
    job,
  };
}

/** Everything that runs once a job or more often. */
async function livesOfJobs(storage: Storage, owner: string): Promise<void> {
  const unique = { key: "k", while: "unfinished", until: null, onConflict: "skip" } as const;
  await storage.insertJobs([...jobs(40), ...jobs(40, { runAt: now + 1 }), ...jobs(2, { unique })]);
  await storage.promoteJobs(1_000, now + 1);
  const claim: ClaimRequest = {
    owner,
    queues: [{ queue: "default", limit: 20 }],
    limit: 20,
    handlers: { work: 1 },
    floors: {},
    now: now + 1,
  };
  const { jobs: taken } = await storage.claimJobs(claim);
  const leases = taken.map(({ lease }) => lease);
  await storage.checkLeases(leases);
  await storage.startJobs(leases, now);
  for (const lease of leases.slice(0, 1)) await storage.patchJob(lease, { progress: "1" });
  const targets = ["completed", "discarded", "retryable", "available"] as const;
  const endings = taken.map((job, index) => ending(job, targets[index] ?? "completed", index > 9));
  await storage.settleAndClaim(endings, claim);
  await storage.settleAndClaim([...endings.slice(12), ...endings.slice(12)], claim);
  await storage.findEnds(leases.map(({ id }) => id));
  await storage.updateQueue("default", { maxRunning: 100 }, { now, by: null });
  const capped = {
    owner,
    queue: "default",
    limit: 3,
    part: 100,
    handlers: { work: 1 },
    floors: {},
  };
  expect((await storage.claimCapped({ ...capped, now })).jobs).toHaveLength(3);
  await storage.updateQueue("default", { maxRunning: null }, { now, by: null });
  await storage.readOrders(owner, true);
  await storage.getJob("1");
  await storage.listOrphans(10);
  await storage.pruneJobs(10, now);
}

const lane = [{ gate: "lane:a", weight: 1 }];
const limited = [{ gate: "limit:s", weight: 2 }];

/** Everything that runs once a job with gates or more often. */
async function livesAtGates(storage: Storage, owner: string): Promise<void> {
  await storage.declareScopes([{ scope: "s", concurrent: 6, rate: { count: 9, perMs: 1_000 } }]);
  const unique = { key: "g", while: "waiting", until: null, onConflict: "replace" } as const;
  const both = [...lane, ...limited];
  await storage.insertJobs([...jobs(3, { gates: lane }), ...jobs(3, { gates: both })]);
  await storage.insertJobs([...jobs(3, { gates: limited }), ...jobs(2, { gates: lane, unique })]);
  await storage.insertJobs(jobs(2, { gates: limited, runAt: now + 1 }));
  await storage.promoteJobs(10, now + 1);
  await storage.admitJobs(["lane:a", "limit:s"], now);
  const queues = [{ queue: "default", limit: 9 }];
  const claim = { owner, queues, limit: 9, handlers: { work: 1 }, floors: {}, now: now + 1 };
  const { jobs: taken } = await storage.claimJobs(claim);
  const targets = ["completed", "discarded", "retryable", "available", "blocked"] as const;
  const gated = taken.filter(({ gates }) => gates.length > 0);
  const endings = gated.map((job, index) => ending(job, targets[index] ?? "completed"));
  await storage.settleJobs(endings, now);
  await storage.admitWaiting(10, now);
  await storage.listHolders("lane:a", 10);
}

/** Everything that counts, adds up and reads. */
async function countsOfJobs(storage: Storage): Promise<void> {
  const { jobs: taken } = await storage.claimJobs({
    owner: "1",
    queues: [{ queue: "default", limit: 1 }],
    limit: 1,
    handlers: { work: 1 },
    floors: {},
    now,
  });
  await storage.settleJobs(
    taken.map((job) => ending(job, "retryable")),
    now,
  );
  for (const at of [now, now + 3 * dayMs, now + 40 * dayMs]) {
    await storage.rollUpStats(100, at, { minutesMs: dayMs, allMs: 30 * dayMs });
    await storage.readStats({ from: now, to: at, queue: "default" });
    await storage.readTotals();
    await storage.readGauges(at);
    await storage.countUnfinished();
    await storage.insertJobs(jobs(1));
  }
}

/** Thousands of rows wherever jobs can be. */
async function bloat(storage: Storage, owner: string): Promise<void> {
  await storage.updateScope("s", { concurrent: 4_000, rate: null }, now);
  await storage.insertJobs([...jobs(2_000, { gates: lane }), ...jobs(2_000, { gates: limited })]);
  for (let pass = 0; pass < 20; pass += 1) await storage.admitWaiting(100, now);
  await storage.insertJobs([...jobs(9_000), ...jobs(3_000, { runAt: now + 60_000 })]);
  for (const to of ["completed", "discarded"] as const) {
    const limit = 3_000;
    const queues = [{ queue: "default", limit }];
    const claim = { owner, queues, limit, handlers: { work: 1 }, floors: {}, now };
    const { jobs: taken } = await storage.claimJobs(claim);
    const endings = taken.map((job) => ending(job, to));
    await storage.settleJobs(endings, now);
  }
}

const usable = /SEARCH|USING (COVERING )?INDEX/;
const ofJobs =
  /\b(SCAN|SEARCH) (holdfast_(live|later|blocked|done|dead|uniq|keylock|bucket|stat|stat_line)|job|live|permit)\b/;

/** Permits that nobody needs any more are looked for once in minutes. */
const seldom = /EXISTS \(SELECT key, job FROM holdfast_keylock|\(key, job\) IN/;

/** Lines are few, because a pass adds them up, and whoever reads sums reads them all. */
const linesRead = /UNION ALL\s+SELECT (60000|queue), /;

/** The steps of a statement that walk a table of jobs without an index. */
function fullWalks(handle: SqliteHandle, sql: string): readonly string[] {
  const plan = handle.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { readonly detail: string }[];
  const known = seldom.test(sql)
    ? "SCAN permit"
    : linesRead.test(sql)
      ? "SCAN holdfast_stat_line"
      : "";
  return plan
    .map(({ detail }) => detail)
    .filter((step) => ofJobs.test(step) && !usable.test(step) && step !== known);
}

/** Begins at the newest ids and stops at a limit, which a plan does not tell. */
const newestFirst = /FROM holdfast_blocked ORDER BY id DESC LIMIT/;

test("no statement in the life of a job, and none of the doctor's, walks a table of jobs, with statistics or without", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-plans-"));
  const file = path.join(folder, "jobs.db");
  // A test file that came before may have loaded these modules with the library as it is.
  vi.resetModules();
  const { sqliteStorage } = await import("./sqlite-storage.ts");
  const storage = await sqliteStorage({ path: file });
  try {
    await storage.migrate();
    const worker = { host: "h", pid: 1, bootId: "b", queues: ["default"], handlers: ["work"] };
    const owner = await storage.registerWorker({ ...worker, leaseMs: 30_000 });
    prepared.clear();
    await livesOfJobs(storage, owner);
    await livesAtGates(storage, owner);
    await countsOfJobs(storage);
    const hot = [...prepared].filter((sql) => /^\s*(SELECT|INSERT|UPDATE|DELETE)/.test(sql));
    expect(hot.length).toBeGreaterThan(20);
    prepared.clear();
    const looked = await storage.readActivity(now + 1, 100);
    expect(looked.waiting).toHaveLength(1);
    const doctors = [...prepared];
    expect(doctors).toHaveLength(4);
    await bloat(storage, owner);
    const handle = new (await loadSqlite())(file);
    for (const statistics of ["", "ANALYZE"]) {
      handle.exec(statistics);
      for (const sql of hot) expect(fullWalks(handle, sql), sql).toEqual([]);
      for (const sql of doctors) {
        const known = newestFirst.test(sql) ? ["SCAN holdfast_blocked"] : [];
        expect(fullWalks(handle, sql), sql).toEqual(known);
      }
    }
    handle.close();
  } finally {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
