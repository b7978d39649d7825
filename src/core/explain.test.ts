import { describe, expect, test } from "vitest";
import { type ExplainFacts, explainJob } from "./explain.ts";
import type { Job } from "./job.ts";
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

const open = { name: "mail", paused: false, closedUntil: null, available: 3, running: 0 };

function reasons(given: Partial<Job>, facts: Partial<ExplainFacts> = {}) {
  const world = { queue: open, workers: [worker()], holders: [], now, ...facts };
  return explainJob(job(given), world).reasons;
}

describe("a job that could run", () => {
  test("is ready, and says who may take it and how many stand with it", () => {
    const workers = [worker(), worker({ id: "8", queues: ["other"] }), worker({ id: "9" })];
    expect(reasons({}, { workers })).toEqual([
      { kind: "ready", workers: ["7", "9"], available: 3 },
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

test("a blocked job names its gate and who holds it, and whatever else would keep it from running", () => {
  const queue = { name: "mail", paused: true, closedUntil: null, available: 0, running: 1 };
  const waiting = { state: "blocked", waitingFor: "lane:a" } as const;
  expect(reasons(waiting, { queue, workers: [], holders: ["3"] })).toEqual([
    { kind: "blocked", gate: "lane:a", holders: ["3"] },
    { kind: "queue-paused", queue: "mail" },
    { kind: "queue-unserved", queue: "mail" },
  ]);
});
