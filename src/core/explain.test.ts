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

const open = { paused: false, closedUntil: null, available: 3, running: 0, maxRunning: null };
const around: Surroundings = { ahead: 0, recent: null, gate: null, keyHolder: null };
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
      { kind: "queue-unserved", queue: "mail" },
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

describe("a job that is put off", () => {
  test("says until when, and what would stop it even then", () => {
    expect(reasons({ state: "scheduled", runAt: now + 9 })).toEqual([
      { kind: "scheduled", until: now + 9 },
    ]);
    const workers: WorkerRecord[] = [];
    expect(reasons({ state: "retryable", runAt: now + 9, attempt: 2 }, { workers })).toEqual([
      { kind: "backoff", until: now + 9, attempt: 2 },
      { kind: "queue-unserved", queue: "mail" },
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
      { kind: "worker-lost", worker: "6" },
    ]);
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
    const queue = { ...open, running: 3 };
    expect(reasons({}, { workers, queue, around: { ...around, ahead: 1 } })).toEqual([
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
    expect(reasons({}, { workers, queue: { ...queue, running: 2 } })).toMatchObject([
      { kind: "ready" },
    ]);
    const report = { running: 5, places: 5 } as NonNullable<WorkerRecord["report"]>;
    expect(reasons({}, { workers: [worker({ report })] })).toMatchObject([
      { kind: "places-taken", places: 0 },
    ]);
    const free = worker({ id: "8", report: { ...report, running: 4 } });
    expect(reasons({}, { workers: [worker({ report }), free] })).toMatchObject([{ kind: "ready" }]);
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
  const facts = { schema: { current: 7, latest: 8 }, readOnly: true, around: undefined };
  expect(reasons({}, facts)).toMatchObject([
    { kind: "database-read-only" },
    { kind: "schema-behind", current: 7, latest: 8 },
    { kind: "ready" },
  ]);
  expect(reasons({ state: "completed" }, facts)).toMatchObject([{ kind: "finished" }]);
});
