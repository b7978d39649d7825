import { describe, expect, test } from "vitest";
import { type ExplainFacts, explainJob } from "./explain.ts";
import type { Job } from "./job.ts";
import type { Surroundings } from "./surroundings.ts";
import type { WorkerRecord } from "./worker-record.ts";

const now = 10_000;

function job(given: Partial<Job> = {}): Job {
  return {
    id: "1",
    name: "greet",
    version: 1,
    queue: "mail",
    state: "available",
    attempt: 0,
    worker: null,
    runAt: now,
    claimedAt: null,
    finishedAt: null,
    cancelRequested: null,
    reason: null,
    ...given,
  } as Job;
}

function worker(given: Partial<WorkerRecord> = {}): WorkerRecord {
  return {
    id: "7",
    host: "host",
    pid: 1,
    version: null,
    bootId: "boot",
    slots: {},
    queues: ["mail"],
    handlers: ["greet"],
    versions: { greet: 1 },
    leaseMs: 1,
    startedAt: 0,
    beat: "1",
    state: "running",
    drainedBy: null,
    lastBeatMs: 0,
    report: null,
    ...given,
  };
}

const open = {
  paused: false,
  closedUntil: null,
  available: 3,
  running: 0,
  maxRunning: null,
  concurrency: null,
};
const around: Surroundings = { ahead: 0, recent: null, gate: null, keyHolder: null, loads: {} };
const schema = { current: 8, latest: 8 };

function explain(given: Partial<Job>, facts: Partial<ExplainFacts> = {}) {
  const world = { queue: open, workers: [worker()], around, schema, readOnly: false, now };
  return explainJob(job(given), { ...world, ...facts });
}

function reasons(given: Partial<Job>, facts: Partial<ExplainFacts> = {}) {
  const explanation = explain(given, facts);
  expect(explanation.sentence).toBe(explanation.reasons.map(({ text }) => text).join(" "));
  return explanation.reasons.map(({ text, ...reason }) => {
    expect(text).toMatch(/^[A-Z].*[.?!a-z]$/);
    return reason;
  });
}

describe("a job that could run", () => {
  test("is ready, and says who may take it and how many stand with it", () => {
    const workers = [worker(), worker({ id: "8", queues: ["other"] }), worker({ id: "9" })];
    expect(reasons({}, { workers })).toEqual([
      { kind: "ready", workers: ["7", "9"], available: 3, ahead: 0, estimateMs: null },
    ]);
  });

  test("stands alone in a queue nobody has described", () => {
    expect(reasons({}, { queue: undefined })).toMatchObject([{ kind: "ready", available: 1 }]);
  });

  test("waits for what its queue says, its pause first", () => {
    const queue = { ...open, paused: true, closedUntil: now + 5 };
    expect(reasons({}, { queue })).toEqual([
      { kind: "queue-paused", queue: "mail" },
      { kind: "queue-cooling", queue: "mail", until: now + 5 },
    ]);
    expect(reasons({}, { queue: { ...open, closedUntil: now } })).toMatchObject([
      { kind: "ready" },
    ]);
  });

  test("waits for a worker of its queue, then for one with its handler", () => {
    const elsewhere = [worker({ queues: ["other"] })];
    expect(reasons({}, { workers: elsewhere, queue: undefined })).toEqual([
      { kind: "queue-unserved", queue: "mail", draining: [], lost: [] },
    ]);
    const other = [worker({ handlers: ["other"] })];
    expect(reasons({}, { workers: other })).toEqual([
      { kind: "no-handler", name: "greet", workers: ["7"] },
    ]);
  });

  test("waits for newer code, and says the newest version there is", () => {
    const workers = [worker(), worker({ id: "8", versions: { greet: 2 } })];
    expect(reasons({ version: 3 }, { workers })).toEqual([
      { kind: "payload-too-new", version: 3, understood: 2, workers: ["7", "8"] },
    ]);
    expect(reasons({ version: 2 }, { workers })).toMatchObject([{ kind: "ready", workers: ["8"] }]);
  });

  test("gives workers that do not say their versions the benefit of the doubt", () => {
    const workers = [worker({ versions: {} })];
    expect(reasons({ version: 9 }, { workers })).toMatchObject([{ kind: "ready" }]);
  });
});

describe("a worker that drains, or is lost,", () => {
  const lost = worker({ id: "8", lastBeatMs: 3, leaseMs: 2 });
  const draining = worker({ id: "9", state: "draining" });

  test("takes nothing: the queue is unserved without another", () => {
    expect(reasons({}, { workers: [lost, draining] })).toEqual([
      { kind: "queue-unserved", queue: "mail", draining: ["9"], lost: ["8"] },
    ]);
    expect(explain({}, { workers: [lost, draining] }).sentence).toBe(
      'No worker takes jobs of its queue "mail": worker 9 drains, and worker 8 has been silent for longer than the lease.',
    );
    const twice = [lost, { ...lost, id: "6" }, draining, { ...draining, id: "5" }];
    expect(explain({}, { workers: twice }).sentence).toContain(
      "workers 9, 5 drain, and workers 8, 6 have been silent",
    );
    for (const only of [lost, draining]) {
      expect(reasons({}, { workers: [only] })).toMatchObject([{ kind: "queue-unserved" }]);
    }
    expect(reasons({}, { workers: [lost, worker(), draining] })).toMatchObject([
      { kind: "ready", workers: ["7"] },
    ]);
  });
});

describe("a job that is put off", () => {
  test("says that its time has come, when nobody has made it available", () => {
    expect(explain({ state: "scheduled", runAt: now }).sentence).toBe(
      "It has been due since 1970-01-01T00:00:10.000Z (0ms ago); any live worker makes it available.",
    );
    expect(explain({ state: "retryable", runAt: now - 3_000, attempt: 1 }).sentence).toBe(
      "Attempt 1 failed; the next has been due since 1970-01-01T00:00:07.000Z (3s ago); any live worker makes it available.",
    );
  });

  test("says until when, and what would stop it even then", () => {
    expect(reasons({ state: "scheduled", runAt: now + 9 })).toEqual([
      { kind: "scheduled", until: now + 9 },
    ]);
    const workers: WorkerRecord[] = [];
    expect(reasons({ state: "retryable", runAt: now + 9, attempt: 2 }, { workers })).toEqual([
      { kind: "backoff", until: now + 9, attempt: 2 },
      { kind: "queue-unserved", queue: "mail", draining: [], lost: [] },
    ]);
  });
});

describe("a job that runs", () => {
  test("says where, since when, and whether it was asked to stop", () => {
    const request = { why: "no", by: null, at: 1 };
    const given = { state: "running", worker: "7", claimedAt: 5 } as const;
    expect(reasons({ ...given, cancelRequested: request })).toEqual([
      { kind: "running", worker: "7", host: "host", since: 5 },
      { kind: "cancelling", request },
    ]);
  });

  test("says that nobody knows its worker", () => {
    expect(reasons({ state: "running", claimedAt: 5 })).toMatchObject([
      { kind: "running", host: null },
      { kind: "worker-lost" },
    ]);
  });

  test("says that its worker is gone", () => {
    const given = { state: "running", worker: "6", claimedAt: 5 } as const;
    expect(reasons(given)).toEqual([
      { kind: "running", worker: "6", host: null, since: 5 },
      { kind: "worker-lost", worker: "6", silentMs: null },
    ]);
  });

  test("says that its worker has been silent for longer than its lease", () => {
    const given = { state: "running", worker: "7", claimedAt: 5 } as const;
    const lost = { workers: [worker({ lastBeatMs: 2_001, leaseMs: 2_000 })] };
    expect(reasons(given, lost)).toMatchObject([
      { kind: "running", host: "host" },
      { kind: "worker-lost", worker: "7", silentMs: 2_001 },
    ]);
    const late = { workers: [worker({ lastBeatMs: 2_000, leaseMs: 2_000 })] };
    expect(reasons(given, late)).toHaveLength(1);
  });
});

test.each(["completed", "cancelled", "discarded"] as const)("a job that is %s says so", (state) => {
  expect(reasons({ state, finishedAt: 8 })).toEqual([
    { kind: "finished", state, at: 8, reason: null },
  ]);
});

describe("a blocked job", () => {
  const lane = { held: 1, concurrent: 1, rate: null, fullAt: null, declared: true };
  const waits = (gate: string, weight = 1) =>
    ({ state: "blocked", waitingFor: gate, gates: [{ gate, weight }] }) as const;

  test("names its gate, who holds it and where, and whatever else would keep it from running", () => {
    const gate = {
      ...lane,
      holders: [
        { job: "3", worker: "7" },
        { job: "4", worker: null },
      ],
    };
    const facts = { around: { ...around, gate, ahead: 2 }, queue: { ...open, paused: true } };
    expect(reasons(waits("lane:a"), facts)).toEqual([
      {
        kind: "blocked",
        gate: "lane:a",
        holders: ["3", "4"],
        heldBy: [
          { job: "3", worker: "7", host: "host" },
          { job: "4", worker: null, host: null },
        ],
        ahead: 2,
      },
      { kind: "queue-paused", queue: "mail" },
    ]);
    expect(explain(waits("lane:a"), facts).sentence).toBe(
      'The lane "a" is held by job 3 on worker 7 at host, job 4 (not started); 2 jobs go before it. Its queue "mail" is paused.',
    );
  });

  test("says when a rate lets it through, by its weight", () => {
    const rate = { count: 10, perMs: 10_000 };
    const empty = (now + 10_000) * 1_000;
    const gate = { ...lane, holders: [], held: 0, concurrent: null, rate, fullAt: empty };
    const facts = { around: { ...around, gate } };
    expect(reasons(waits("limit:api"), facts)).toEqual([
      { kind: "rate-limited", gate: "limit:api", until: now + 1_000, ahead: 0 },
    ]);
    expect(reasons(waits("limit:api", 3), facts)).toMatchObject([{ until: now + 3_000 }]);
    const full = { around: { ...around, gate: { ...gate, concurrent: 2, held: 2 } } };
    expect(reasons(waits("limit:api"), full), "its room first").toMatchObject([
      { kind: "blocked" },
    ]);
    const free = { around: { ...around, gate: { ...gate, fullAt: null } } };
    expect(explain(waits("limit:api"), free).sentence).toBe(
      'It is about to be let in through the limit "api".',
    );
  });

  test("that nobody holds back at its gate says what does hold it back", () => {
    const facts = { around: { ...around, gate: { ...lane, holders: [], held: 0 } } };
    expect(reasons(waits("lane:a"), facts)).toMatchObject([{ kind: "blocked", heldBy: [] }]);
    const paused = { ...facts, queue: { ...open, paused: true } };
    expect(reasons(waits("lane:a"), paused)).toEqual([{ kind: "queue-paused", queue: "mail" }]);
  });

  test("says that nobody declared its limit", () => {
    const gate = { ...lane, holders: [], held: 0, concurrent: null, declared: false };
    expect(reasons(waits("limit:api:x"), { around: { ...around, gate } })).toEqual([
      { kind: "limit-undeclared", scope: "api" },
    ]);
  });
});

describe("a job in line", () => {
  const recent = { jobs: 10, since: now - 5_000 };

  test("says how many go before it, and about when it starts", () => {
    const facts = { around: { ...around, ahead: 3, recent } };
    expect(reasons({}, facts)).toMatchObject([{ kind: "ready", ahead: 3, estimateMs: 2_000 }]);
    expect(explain({}, facts).sentence).toBe(
      "It is ready, and worker 7 may take it; 3 jobs go before it, about 2s from now by what ended of late.",
    );
    const few = { around: { ...around, ahead: 3, recent: { ...recent, jobs: 4 } } };
    expect(reasons({}, few)).toMatchObject([{ estimateMs: null }]);
  });

  test("says that all places are taken: those of its queue, or those of the processes", () => {
    const workers = [worker({ slots: { mail: 2 } }), worker({ id: "8", slots: { mail: 1 } })];
    const one = { running: 1, alone: null };
    const loads = { "7": { ...one, running: 2 }, "8": one, "9": one };
    const queue = { ...open, running: 4 };
    expect(reasons({}, { workers, queue, around: { ...around, loads, ahead: 1 } })).toEqual([
      {
        kind: "places-taken",
        queue: "mail",
        running: 3,
        places: 3,
        workers: ["7", "8"],
        available: 3,
        ahead: 1,
        estimateMs: null,
      },
    ]);
    const free = { ...around, loads: { ...loads, "7": one } };
    expect(reasons({}, { workers, queue, around: free })).toMatchObject([
      { kind: "ready", workers: ["7"] },
    ]);
    expect(
      reasons({}, { workers, queue: { ...queue, concurrency: 1 }, around: free }),
    ).toMatchObject([{ kind: "places-taken", running: 2, places: 2 }]);
    const report = { running: 5, places: 5 } as NonNullable<WorkerRecord["report"]>;
    expect(reasons({}, { workers: [worker({ report })] })).toMatchObject([
      { kind: "places-taken", places: 0 },
    ]);
    const other = worker({ id: "8", report: { ...report, running: 4 } });
    expect(reasons({}, { workers: [worker({ report }), other] })).toMatchObject([
      { kind: "ready", workers: ["8"] },
    ]);
  });

  test("says that nothing starts beside a job that crashed before", () => {
    const workers = [worker(), worker({ id: "8", slots: { mail: 1 } })];
    const loads = { "7": { running: 0, alone: "3" }, "8": { running: 1, alone: null } };
    const facts = { workers, around: { ...around, loads, ahead: 1 } };
    expect(reasons({}, facts)).toMatchObject([
      { kind: "places-taken", workers: ["8"] },
      { kind: "held-alone", heldBy: [{ job: "3", worker: "7" }], workers: ["7"], ahead: 1 },
    ]);
    expect(explain({}, { ...facts, workers: workers.slice(0, 1) }).sentence).toBe(
      "Job 3 on worker 7 crashed before, so nothing is started beside it until it has ended. It is number 2 in line.",
    );
    const free = [worker({ id: "9" }), ...workers];
    expect(reasons({}, { ...facts, workers: free })).toMatchObject([
      { kind: "ready", workers: ["9"] },
    ]);
  });

  test("waits for its queue to run fewer than it may", () => {
    expect(reasons({}, { queue: { ...open, running: 7, maxRunning: 7 } })).toEqual([
      { kind: "queue-full", queue: "mail", maxRunning: 7, running: 7 },
    ]);
    expect(reasons({}, { queue: { ...open, running: 6, maxRunning: 7 } })).toMatchObject([
      { kind: "ready" },
    ]);
  });
});

test("a failed job whose key is held says who would have to let go", () => {
  const facts = { around: { ...around, keyHolder: "9" } };
  const failed = { state: "discarded", uniqueKey: "k", finishedAt: 1 } as const;
  expect(reasons(failed, facts)).toMatchObject([
    { kind: "finished" },
    { kind: "unique-held", key: "k", holder: "9" },
  ]);
  expect(reasons({ ...failed, state: "completed" }, facts)).toHaveLength(1);
});

test("what is wrong with the database comes before everything else, until the job is over", () => {
  const facts = { schema: { current: 7, latest: 8 }, readOnly: true };
  expect(reasons({}, facts)).toMatchObject([
    { kind: "database-read-only" },
    { kind: "schema-behind", current: 7, latest: 8 },
    { kind: "ready" },
  ]);
  expect(reasons({ state: "available" }, { ...facts, around: undefined })).toHaveLength(3);
  expect(reasons({ state: "completed" }, facts)).toMatchObject([{ kind: "finished" }]);
});

test("while the schema is behind, nothing is said that would need what was not read", () => {
  const unknown = { workers: undefined, around: undefined, queue: undefined };
  const facts = { ...unknown, schema: { current: 7, latest: 8 } };
  const kinds = (given: Partial<Job>) => reasons(given, facts).map(({ kind }) => kind);
  expect(kinds({})).toEqual(["schema-behind"]);
  expect(kinds({ state: "blocked", waitingFor: "lane:a" })).toEqual(["schema-behind"]);
  expect(kinds({ state: "scheduled", runAt: now + 1 })).toEqual(["schema-behind", "scheduled"]);
  expect(kinds({ state: "running", worker: "7" })).toEqual(["schema-behind", "running"]);
  expect(kinds({ state: "discarded", uniqueKey: "k" })).toEqual(["finished"]);
});
