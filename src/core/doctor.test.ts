import { describe, expect, test } from "vitest";
import { readDoctorOptions } from "./doctor-options.ts";
import { diagnose } from "./doctor.ts";
import { HoldfastError } from "./errors.ts";
import type { Examination } from "./examination.ts";
import { findingCatalogue } from "./finding.ts";
import type { FleetFacts, HealthFacts, ServerHealth } from "./health-facts.ts";
import type { WorkerRecord } from "./worker-record.ts";

const limits = readDoctorOptions("doctor", {});

const server: ServerHealth = {
  user: "app",
  mayTruncate: true,
  connections: [
    { limit: "max_connections", most: 97, used: 10 },
    { limit: "the role app", most: 40, used: 9 },
  ],
  perProcess: 16,
  unsafe: [],
  autovacuum: true,
  notifyUsage: 0,
  snapshots: [],
  idleSlots: [],
  live: { jobs: 0, deadRows: 0, indexBytes: 0 },
};

const health: HealthFacts = {
  writable: "yes",
  missing: [],
  lacking: [],
  mayMigrate: true,
  server,
  file: null,
};

const worker: WorkerRecord = {
  id: "1",
  host: "host",
  pid: 7,
  version: null,
  bootId: "boot",
  queues: ["default"],
  slots: {},
  handlers: ["work"],
  versions: {},
  leaseMs: 30_000,
  startedAt: 0,
  beat: "0",
  state: "running",
  drainedBy: null,
  lastBeatMs: null,
  report: null,
};

const all = { atLeast: false };

const fleet: FleetFacts = {
  workers: [worker],
  schedules: [],
  waiting: [],
  abandoned: { jobs: 0, ...all },
  overdue: { jobs: 0, ...all, oldestAt: null },
  keys: [],
  lines: [],
};

const well: Examination = {
  schema: { facts: { current: 8, latest: 8 } },
  health: { facts: health },
  fleet: { facts: fleet },
  wakeups: { facts: { heard: true } },
  aheadMs: 0,
  now: 0,
};

const file = { path: "jobs.db", network: null, bytes: 1, replaced: false, walBytes: 0 };
const report = {
  lagMs: 0,
  rssBytes: 1,
  heapBytes: 1,
  running: 0,
  places: 1,
  jobs: [],
  passes: {},
};
const failed = (code: "STORAGE_UNAVAILABLE" | "STORAGE_READ_ONLY" | "STORAGE_FAILED") => ({
  failed: new HoldfastError(code, `It failed with ${code}.`),
});
const ill = (given: Partial<HealthFacts>): Examination => ({
  ...well,
  health: { facts: { ...health, ...given } },
});
const served = (given: Partial<ServerHealth>) => ill({ server: { ...server, ...given } });
const busy = (given: Partial<FleetFacts>): Examination => ({
  ...well,
  fleet: { facts: { ...fleet, ...given } },
});
const schemaError = (code: "SCHEMA_TOO_NEW" | "SCHEMA_CHANGED" | "SCHEMA_OUT_OF_DATE") => ({
  failed: new HoldfastError(code, `It is ${code}.`),
});

const codesOf = (examination: Examination) =>
  diagnose(examination, limits).findings.map(({ code }) => code);
const detailOf = (examination: Examination) => diagnose(examination, limits).findings[0]?.detail;

test("facts that are in order give no finding, and say what was looked at", () => {
  const { healthy, findings, checked } = diagnose(well, limits);
  expect([healthy, findings]).toEqual([true, []]);
  expect(checked).not.toContain("file");
  expect(checked).toHaveLength(13);
});

test("a file is looked at instead of a server", () => {
  const { checked, findings } = diagnose(ill({ server: null, file }), limits);
  expect(findings).toEqual([]);
  expect(checked).toContain("file");
  expect(checked).not.toContain("snapshots");
});

describe("each finding comes of its facts:", () => {
  const pending = { facts: { current: 7, latest: 8 } };
  test.each<[string, Examination, readonly string[]]>([
    ["no answer", { ...well, schema: failed("STORAGE_UNAVAILABLE") }, ["database-unreachable"]],
    ["a refusal", { ...well, fleet: failed("STORAGE_FAILED") }, ["database-unusable"]],
    ["a refused write", { ...well, health: failed("STORAGE_READ_ONLY") }, ["database-read-only"]],
    ["no writes", ill({ writable: "read-only" }), ["database-read-only"]],
    ["a busy writer", ill({ writable: "busy", server: null }), ["writer-held"]],
    ["a step pending", { ...well, schema: pending }, ["schema-out-of-date"]],
    ["a newer schema", { ...well, schema: schemaError("SCHEMA_TOO_NEW") }, ["schema-too-new"]],
    ["a changed step", { ...well, schema: schemaError("SCHEMA_CHANGED") }, ["schema-changed"]],
    [
      "a statement that found no table",
      { ...well, fleet: schemaError("SCHEMA_OUT_OF_DATE") },
      ["schema-out-of-date"],
    ],
    [
      "a missing table that a statement did not find",
      { ...ill({ missing: ["table queue"] }), fleet: schemaError("SCHEMA_OUT_OF_DATE") },
      ["schema-incomplete"],
    ],
    ["a right too few", ill({ lacking: ["DELETE on live_0"] }), ["permission-missing"]],
    [
      "no right to migrate",
      { ...ill({ mayMigrate: false, server: null }), schema: pending },
      ["schema-out-of-date", "migrate-forbidden"],
    ],
    ["no right to truncate", served({ mayTruncate: false }), ["truncate-forbidden"]],
    ["a clock ahead", { ...well, aheadMs: 2_001 }, ["clock-skewed"]],
    ["a clock behind", { ...well, aheadMs: -2_001 }, ["clock-skewed"]],
    [
      "connections in use",
      served({ connections: [{ limit: "max_connections", most: 10, used: 8 }], perProcess: 5 }),
      ["connections-scarce"],
    ],
    ["connections to come", served({ perProcess: 41 }), ["connections-overbooked"]],
    ["unsafe settings", served({ unsafe: ["fsync = off"] }), ["durability-off"]],
    ["no vacuum", served({ autovacuum: false }), ["vacuum-off"]],
    [
      "an idle slot",
      served({ idleSlots: [{ name: "s", bytes: 1_048_576, pins: true }] }),
      ["slot-inactive"],
    ],
    [
      "dead rows",
      served({ live: { jobs: 1, deadRows: 500_000, indexBytes: 0 } }),
      ["live-bloated"],
    ],
    [
      "hollow indexes",
      served({ live: { jobs: 1, deadRows: 0, indexBytes: 300_000_000 } }),
      ["live-bloated"],
    ],
    ["another file", ill({ server: null, file: { ...file, replaced: true } }), ["file-replaced"]],
    [
      "a network",
      ill({ server: null, file: { ...file, network: "NFS" } }),
      ["network-file-system"],
    ],
    ["a large log", ill({ server: null, file: { ...file, walBytes: 67_108_864 } }), ["wal-large"]],
    [
      "a wakeup that was lost",
      { ...well, wakeups: { facts: { heard: false, why: "it was late" } } },
      ["wakeups-dead"],
    ],
    ["a queue of notifications", served({ notifyUsage: 0.5 }), ["notify-queue-full"]],
    ["silence", busy({ workers: [{ ...worker, lastBeatMs: 15_001 }] }), ["worker-silent"]],
    [
      "a late main loop",
      busy({ workers: [{ ...worker, report: { ...report, lagMs: 1_000 } }] }),
      ["worker-lagging"],
    ],
    ["orphans", busy({ workers: [], abandoned: { jobs: 2, ...all } }), ["jobs-abandoned"]],
    [
      "an unserved queue",
      busy({
        waiting: [1, 2].map((version) => ({ queue: "mail", name: "a", version, jobs: 2, ...all })),
      }),
      ["queue-unserved"],
    ],
    [
      "jobs whose workers take no more",
      busy({
        workers: [
          { ...worker, state: "draining" },
          { ...worker, id: "2", lastBeatMs: 14, leaseMs: 13, queues: ["default", "more"] },
        ],
        waiting: [{ queue: "default", name: "work", version: 1, jobs: 1, ...all }],
      }),
      ["worker-silent", "queue-unserved"],
    ],
    [
      "an unknown name",
      busy({ waiting: [{ queue: "default", name: "a", version: 1, jobs: 1, ...all }] }),
      ["handler-missing"],
    ],
    [
      "jobs past due",
      { ...busy({ overdue: { jobs: 2, ...all, oldestAt: 0 } }), now: 60_000 },
      ["jobs-overdue"],
    ],
    [
      "a tick nobody fired",
      {
        ...busy({ schedules: [{ name: "nightly", nextAt: 0, failure: null }] }),
        now: 60_001,
      },
      ["ticks-missed"],
    ],
    [
      "a tick that is refused",
      busy({
        schedules: [
          {
            name: "nightly",
            nextAt: null,
            failure: { code: "UNIQUE_CONFLICT", message: "It is held.", at: 0, tries: 3 },
          },
        ],
      }),
      ["schedule-failing"],
    ],
    ["one key", busy({ keys: [{ name: "a", key: "k", uses: 100, spanMs: 0 }] }), ["key-hot"]],
    ["one lane", busy({ lines: [{ gate: "lane:a", jobs: 1_000, ...all }] }), ["lane-crowded"]],
  ])("%s", (_, examination, codes) => {
    expect(codesOf(examination)).toEqual(codes);
  });
});

describe("what is no finding:", () => {
  test.each<[string, Examination]>([
    ["a clock that differs by as much as it may", { ...well, aheadMs: 2_000 }],
    [
      "a snapshot that is young, or whose age is hidden and that few transactions have passed",
      served({
        snapshots: [299_999, null].map((ageMs) => ({
          kind: "session",
          name: "1",
          who: "app",
          ageMs,
          transactions: 99_999,
        })),
      }),
    ],
    [
      "large indexes of very many jobs",
      served({ live: { jobs: 1e6, deadRows: 0, indexBytes: 3e8 } }),
    ],
    [
      "a worker that beat in time",
      busy({ workers: [{ ...worker, lastBeatMs: 15_000 }], abandoned: { jobs: 1, ...all } }),
    ],
    [
      "a version the worker says it understands, and any of one that does not say",
      busy({
        workers: [worker, { ...worker, versions: { work: 2 } }],
        waiting: [{ queue: "default", name: "work", version: 3, jobs: 1, ...all }],
      }),
    ],
    [
      "jobs that came due just now",
      { ...busy({ overdue: { jobs: 1, ...all, oldestAt: 1 } }), now: 60_000 },
    ],
    [
      "a key used often but slowly",
      busy({ keys: [{ name: "a", key: "k", uses: 500, spanMs: 60_000 }] }),
    ],
    ["a limit many wait for", busy({ lines: [{ gate: "limit:a", jobs: 9_999, ...all }] })],
    ["a truncate that is missing with its tables", served({})],
  ])("%s", (_, examination) => {
    expect(codesOf(examination)).toEqual([]);
  });
});

test("without its tables, nothing is said of the right to truncate them", () => {
  const examination = ill({ missing: ["table live_0"], server: { ...server, mayTruncate: false } });
  expect(codesOf(examination)).toEqual(["schema-incomplete"]);
});

test("who holds a snapshot is described, and told how to let go", () => {
  const holders = [
    { kind: "session", name: "42", who: "psql, user app", ageMs: 3_600_000, transactions: 9 },
    { kind: "session", name: "43", who: "user other", ageMs: null, transactions: 100_000 },
    { kind: "prepared transaction", name: "a'b", who: "user app", ageMs: 300_000, transactions: 1 },
  ] as const;
  const { findings } = diagnose(served({ snapshots: holders }), limits);
  expect(findings.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(
      /^The session 42 \(psql, user app\) has held a snapshot for 1h, over 9 transactions\./,
    ),
    expect.stringContaining("for a time this user may not see, over 100000 transactions"),
    expect.stringContaining("The prepared transaction a'b"),
  ]);
  expect(findings[2]?.fix).toContain("ROLLBACK PREPARED 'a''b'");
});

test("a slot that keeps dead rows as well says so", () => {
  const idle = (pins: boolean) => served({ idleSlots: [{ name: "s", bytes: 0, pins }] });
  expect(detailOf(idle(true))).toContain("0.0 MiB of write-ahead log, and dead rows with it.");
  expect(detailOf(idle(false))).toContain("0.0 MiB of write-ahead log.");
});

test("newer payloads and unknown names are told apart", () => {
  const waiting = [{ queue: "default", name: "work", version: 3, jobs: 2, ...all }];
  const told = (known: Partial<WorkerRecord>) =>
    detailOf(busy({ waiting, workers: [{ ...worker, ...known }] }));
  expect(told({ versions: { work: 2 } })).toContain("understands version 3 of their payload");
  expect(told({ handlers: [] })).toContain("has their handler");
});

test("what was counted in part is said to be at least so many", () => {
  const some = { jobs: 2, atLeast: true };
  const waiting = [1, 2].map((version) => {
    const kind = { queue: "mail", name: "a", version };
    return version === 1 ? { ...kind, ...some } : { ...kind, jobs: 1, ...all };
  });
  expect(detailOf(busy({ waiting }))).toMatch(/^At least 3 jobs wait in "mail"/);
  expect(detailOf(busy({ waiting: waiting.toReversed() }))).toMatch(/^At least 3 jobs wait/);
  const unknown = { queue: "default", name: "a", version: 1 };
  expect(detailOf(busy({ waiting: [{ ...unknown, ...some }] }))).toMatch(/^At least 2 jobs "a"/);
  expect(detailOf(busy({ workers: [], abandoned: some }))).toMatch(/^At least 2 jobs were left/);
  const late = { ...busy({ overdue: { ...some, oldestAt: 0 } }), now: 60_000 };
  expect(detailOf(late)).toMatch(/^At least 2 jobs are past due/);
  const crowded = busy({ lines: [{ gate: "lane:a", jobs: 1_000, atLeast: true }] });
  expect(detailOf(crowded)).toMatch(/^At least 1000 jobs wait in the lane "a"/);
});

test("passes that fail are named, those that work are not", () => {
  const pass = { ranAt: 0, tookMs: 1, rows: 0, runs: 1, total: 0, error: null };
  const passes = { promote: pass, prune: { ...pass, error: "disk full" } };
  const examination = busy({ workers: [{ ...worker, report: { ...report, passes } }] });
  expect(codesOf(examination)).toEqual(["maintenance-failing"]);
  expect(detailOf(examination)).toContain('"prune" of worker 1 failed: disk full');
});

test("of many names the first few are said, and how many more there are", () => {
  const lacking = Array.from({ length: 11 }, (_, index) => `SELECT on t${index}`);
  expect(detailOf(ill({ lacking, server: null }))).toMatch(
    /^this user lacks SELECT on t0,.* SELECT on t7 and 3 more\.$/,
  );
});

test("what was not asked is not said to be looked at", () => {
  const nothing = { health: undefined, fleet: undefined, wakeups: undefined, aheadMs: undefined };
  const { checked } = diagnose(
    { ...well, ...nothing, schema: failed("STORAGE_UNAVAILABLE") },
    limits,
  );
  expect(checked).toEqual(["connection"]);
});

test("connections are held against the workers only when those are known", () => {
  expect(codesOf({ ...served({ perProcess: 99 }), fleet: undefined })).toEqual([]);
  expect(codesOf(served({ perProcess: 99, connections: [] }))).toEqual([]);
});

test("every finding has a title, and its name is made of words", () => {
  for (const [code, { title }] of Object.entries(findingCatalogue)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
  }
});
