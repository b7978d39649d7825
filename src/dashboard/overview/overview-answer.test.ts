import { describe, expect, test } from "vitest";
import type { Queue } from "../../core/queue.ts";
import type { WorkerRecord } from "../../core/worker-record.ts";
import { parseFilter } from "../filter/parse.ts";
import { writeText } from "../filter/write-value.ts";
import type { OverviewFacts } from "./overview-facts.ts";
import { overviewOf } from "./overview-answer.ts";

const now = 1_750_000_000_000;

const quiet: OverviewFacts = {
  queues: [],
  dueSince: new Map(),
  workers: [],
  schedules: [],
  limits: [],
  gates: [],
  lastHour: [],
  lastMinute: { completed: 0, failed: 0, retried: 0 },
  findings: [],
  now,
};

function queue(name: string, about: Partial<Queue> = {}): Queue {
  return {
    name,
    paused: false,
    closedUntil: null,
    throttleLevel: 0,
    available: 0,
    running: 0,
    blocked: 0,
    scheduled: 0,
    concurrency: null,
    maxRunning: null,
    backoff: null,
    retention: { completed: null, dead: null },
    changedAt: null,
    changedBy: null,
    atLeast: [],
    servedBy: [],
    unserved: false,
    ...about,
  };
}

function worker(id: string, about: Partial<WorkerRecord> = {}): WorkerRecord {
  return {
    id,
    host: "web-1",
    pid: 1,
    version: "1.0.0",
    bootId: "b",
    queues: [],
    slots: {},
    handlers: [],
    versions: {},
    state: "running",
    drainedBy: null,
    leaseMs: 30_000,
    startedAt: now,
    beat: "1",
    lastBeatMs: 10,
    report: null,
    ...about,
  };
}

const hour = (queueName: string, about: Partial<OverviewFacts["lastHour"][number]>) => ({
  queue: queueName,
  name: "job",
  failed: 0,
  rescued: 0,
  discarded: 0,
  ...about,
});

const active = { state: "active", nextAt: now, failure: null } as const;
const failure = { code: "UNIQUE_CONFLICT", message: "held", at: now, tries: 7 };

/** What is to be looked at, as `severity kind subject count`. */
const lines = (facts: Partial<OverviewFacts>) =>
  overviewOf({ ...quiet, ...facts }).attention.map(({ severity, kind, subject, count }) =>
    [severity, kind, subject, count].join(" "),
  );

describe("what somebody should look at", () => {
  test("is nothing where all is well", () => {
    const workers = [worker("1"), worker("2", { lastBeatMs: null, version: null })];
    const late = { ...active, name: "late", nextAt: now - 60_000 };
    const ended = { ...active, name: "ended", state: "ended", nextAt: null } as const;
    expect(
      lines({
        queues: [queue("busy", { available: 5 }), queue("cooled", { closedUntil: now })],
        workers,
        schedules: [late, ended],
        limits: [{ scope: "api" }],
        gates: ["limit:api", "limit:api:tenant:1", "lane:x"],
        lastHour: [hour("busy", { failed: 3 })],
        findings: [{ code: "wal-large", level: "warning", title: "The log is large" }],
      }),
    ).toEqual([]);
  });

  test("is the worst first: what runs no jobs, what went wrong, what is so on purpose", () => {
    expect(
      lines({
        queues: [
          queue("paused", {
            paused: true,
            unserved: true,
            available: 2,
            blocked: 1,
            changedBy: "ada",
          }),
          queue("cooling", { closedUntil: now + 1 }),
          queue("unserved", { unserved: true, available: 1, blocked: 2, scheduled: 3 }),
        ],
        workers: [
          worker("1", { lastBeatMs: 15_001 }),
          worker("2", { lastBeatMs: 30_001, version: "2.0.0" }),
        ],
        schedules: [
          { ...active, name: "late", nextAt: now - 60_001 },
          { name: "bad", state: "failing", nextAt: now, failure },
          { name: "off", state: "paused", nextAt: null, failure: null },
        ],
        limits: [{ scope: "api" }],
        gates: ["limit:erp:7", "limit:erp:8", "limit:api"],
        lastHour: [
          hour("a", { discarded: 1 }),
          hour("b", { discarded: 2, rescued: 1 }),
          hour("b", { name: "other", discarded: 3 }),
        ],
        findings: [
          { code: "wal-large", level: "warning", title: "The log is large" },
          { code: "schema-out-of-date", level: "error", title: "The schema is old" },
        ],
      }),
    ).toEqual([
      "problem doctor schema-out-of-date ",
      "problem queue-unserved unserved 6",
      "problem schedule-failing bad 7",
      "problem schedule-overdue late ",
      "problem worker-silent 2 ",
      "problem limit-undeclared erp ",
      "warning worker-silent 1 ",
      "warning jobs-discarded b 5",
      "warning jobs-discarded a 1",
      "warning jobs-rescued b 1",
      "warning worker-version 1.0.0, 2.0.0 2",
      "note queue-cooling cooling ",
      "note queue-paused paused 3",
    ]);
  });

  test("is no longer than people read", () => {
    const queues = Array.from({ length: 500 }, (_, at) => queue(`q${at}`, { paused: true }));
    expect(lines({ queues })).toHaveLength(20);
  });

  test("leads to where it is seen, whatever names are made of", () => {
    const odd = 'a "b", c&d';
    const { attention } = overviewOf({
      ...quiet,
      queues: [queue(odd, { unserved: true }), queue("a/b", { paused: true })],
      lastHour: [hour(odd, { discarded: 1, rescued: 1 })],
      schedules: [{ name: odd, state: "failing", nextAt: null, failure: null }],
    });
    const links = attention.map(({ link }) => new URL(link, "http://localhost/ops/"));
    const filters = links.flatMap((link) => link.searchParams.get("q") ?? []);
    expect(links.map(({ pathname }) => decodeURIComponent(pathname))).toEqual([
      "/ops/jobs",
      `/ops/schedules/${odd}`,
      "/ops/jobs",
      "/ops/jobs",
      "/ops/queues/a/b",
    ]);
    for (const text of filters) {
      expect(parseFilter(text, now)).toMatchObject({ filter: { queue: odd } });
    }
    expect(filters.at(-1)).toBe(`queue:${writeText(odd)} rescued:true`);
  });
});

test("the tiles add up what waits and who works, and say when a count stopped", () => {
  const report = { running: 3, places: 10 } as WorkerRecord["report"];
  const { tiles } = overviewOf({
    ...quiet,
    queues: [
      queue("a", { available: 10_000, atLeast: ["available"], scheduled: 9 }),
      queue("b", { blocked: 5, running: 2, atLeast: ["scheduled"] }),
    ],
    dueSince: new Map([
      ["a", now - 5_000],
      ["b", now - 90_000],
    ]),
    workers: [worker("1", { report }), worker("2", { report }), worker("3")],
    lastMinute: { completed: 60, failed: 4, retried: 3 },
  });
  expect(tiles).toEqual({
    completed: 60,
    failed: 4,
    retried: 3,
    waiting: { count: 10_005, atLeast: true },
    oldestWaitingMs: 90_000,
    busy: 6,
    places: 20,
  });
  expect(overviewOf(quiet).tiles).toMatchObject({
    waiting: { count: 0, atLeast: false },
    oldestWaitingMs: null,
  });
});

test("a queue has a card with its states, its failures of the hour, and what keeps it", () => {
  const { queues } = overviewOf({
    ...quiet,
    queues: [
      queue("a", { available: 7, running: 2, atLeast: ["available"], closedUntil: now - 1 }),
      queue("b", { paused: true, closedUntil: now + 5, unserved: true }),
    ],
    lastHour: [hour("a", { failed: 2 }), hour("a", { name: "other", failed: 1 })],
  });
  expect(queues[0]).toEqual({
    name: "a",
    states: {
      scheduled: { count: 0, atLeast: false },
      available: { count: 7, atLeast: true },
      blocked: { count: 0, atLeast: false },
      running: { count: 2, atLeast: false },
    },
    failed: 3,
    paused: false,
    closedUntil: null,
    unserved: false,
  });
  expect(queues[1]).toMatchObject({
    failed: 0,
    paused: true,
    closedUntil: now + 5,
    unserved: true,
  });
});

test("a version was deployed when its first worker began", () => {
  const workers = [
    worker("1", { version: "2", startedAt: now - 5 }),
    worker("2", { version: "1", startedAt: now - 100 }),
    worker("3", { version: "2", startedAt: now - 50 }),
    worker("4", { version: null, startedAt: 0 }),
  ];
  expect(overviewOf({ ...quiet, workers }).deploys).toEqual([
    { at: now - 100, version: "1" },
    { at: now - 50, version: "2" },
  ]);
});
