import { utimesSync } from "node:fs";
import { HoldfastError } from "holdfast";
import { expect, test } from "vitest";
import { laneOf } from "../conformance/gates.ts";
import { claim, hire, runOne, settlement, someJobs, t0 } from "../conformance/jobs.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { describeDatabases } from "./client-databases.ts";
import { only, openPractice, queueJobs } from "./doctor-bench.ts";

describeDatabases((databases) => {
  const open = (wrap?: Parameters<typeof openPractice>[1]) => openPractice(databases, wrap);
  const inMemory = databases.kind === "SQLite in memory";

  test("of a database in order the doctor says what it looked at and finds nothing", async () => {
    const { client, storage } = await open();
    await hire(storage);
    await queueJobs(storage, {}, { runAt: Date.now() + 3_600_000 });
    const { healthy, findings, checked } = await client.doctor();
    // The server of the tests may be set to be quick rather than safe.
    expect(findings.filter(({ code }) => code !== "durability-off")).toEqual([]);
    expect(healthy).toBe(true);
    expect(checked).toEqual(expect.arrayContaining(["connection", "schema", "clock", "queues"]));
    expect(checked.includes("snapshots")).toBe(storage.kind === "postgres");
    expect(checked.includes("file")).toBe(databases.kind === "a SQLite file");
  });

  test("an option that does not exist, or is of the wrong kind, is INVALID_OPTION", async () => {
    const { client } = await open();
    const refused = { code: "INVALID_OPTION" };
    await expect(client.doctor({ deadRows: 0 })).rejects.toMatchObject(refused);
    await expect(client.doctor({ snapshotAge: "soon" as "1s" })).rejects.toMatchObject(refused);
    await expect(client.doctor({ patience: 1 } as object)).rejects.toMatchObject(refused);
  });

  test("errors come before warnings", async () => {
    const { client, storage, run, table } = await open();
    await queueJobs(storage, {});
    await run(`DROP INDEX ${table("keylock_job")}`);
    const { healthy, findings } = await client.doctor();
    expect(healthy).toBe(false);
    expect(findings[0]).toMatchObject({ code: "schema-incomplete", level: "error" });
    expect(findings.at(-1)).toMatchObject({ level: "warning" });
  });

  test("database-unreachable: a database that does not answer is a finding, not a throw", async () => {
    const gone = new HoldfastError("STORAGE_UNAVAILABLE", "It cannot be reached.");
    let isGone = false;
    const unlessGone =
      <Answer>(ask: () => Promise<Answer>) =>
      async () => {
        if (isGone) throw gone;
        return ask();
      };
    const { client } = await open((storage) =>
      overriddenStorage(storage, {
        serverTime: unlessGone(() => storage.serverTime()),
        schemaStatus: unlessGone(() => storage.schemaStatus()),
      }),
    );
    isGone = true;
    const { healthy, findings, checked } = await client.doctor();
    expect(healthy).toBe(false);
    expect(findings).toMatchObject([{ code: "database-unreachable", detail: gone.message }]);
    expect(checked).toEqual(["connection"]);
  });

  test("schema-out-of-date: a step that is pending is found", async () => {
    const { client, run, table } = await open();
    const { findings: before } = await client.doctor();
    expect(before.filter(({ check }) => check === "schema")).toEqual([]);
    await run(`DELETE FROM ${table("migration")} WHERE id > 3`);
    const { healthy, findings, checked } = await client.doctor();
    expect(healthy).toBe(false);
    expect(findings[0]).toMatchObject({
      code: "schema-out-of-date",
      fix: expect.stringContaining("npx holdfast migrate") as string,
    });
    expect(checked).not.toContain("queues");
  });

  test("schema-too-new: a step that refuses this code is found", async () => {
    const { found, run, table } = await open();
    await run(
      `INSERT INTO ${table("migration")} (id, name, checksum, applied_at, min_code) VALUES (99, 'future', 'f', 0, 99)`,
    );
    expect(await found("schema-too-new")).toMatchObject([
      { level: "error", fix: expect.stringContaining("Upgrade") as string },
    ]);
  });

  test("schema-changed: a step applied with another content is found", async () => {
    const { found, run, table } = await open();
    await run(`UPDATE ${table("migration")} SET checksum = 'other' WHERE id = 1`);
    expect(await found("schema-changed")).toMatchObject([
      { level: "error", detail: expect.stringContaining("Migration 1") as string },
    ]);
  });

  test("schema-incomplete: what was dropped is named, a table that everything needs included", async () => {
    const { client, run, table } = await open();
    await run(`DROP INDEX ${table("later_due")}`);
    await run(`DROP TABLE ${table("queue")}`);
    const diagnosis = await client.doctor();
    const [incomplete] = only("schema-incomplete", diagnosis);
    expect(incomplete?.detail).toMatch(/index (holdfast_)?later_due/);
    expect(incomplete?.detail).toMatch(/table (holdfast_)?queue/);
    expect(diagnosis.findings.map(({ code }) => code)).not.toContain("schema-out-of-date");
  });

  test.each([
    [90_000, "behind"],
    [-90_000, "ahead of"],
  ])("clock-skewed: a database %i ms ahead of this machine is found", async (ms, words) => {
    const { found } = await open((storage) =>
      overriddenStorage(storage, { serverTime: async () => (await storage.serverTime()) + ms }),
    );
    expect(await found("clock-skewed")).toMatchObject([
      { level: "warning", detail: expect.stringMatching(`90s ${words}|2m ${words}`) as string },
    ]);
    expect(await found("clock-skewed", { clockSkew: "2m" })).toEqual([]);
  });

  test("worker-silent: a worker without a heartbeat for half its lease is found", async ({
    skip,
  }) => {
    skip(inMemory, "a worker in memory is of this process, and leaves no times");
    const { found, storage, run, table, place } = await open();
    const id = await hire(storage, { pid: 4711 });
    const heart = databases.closing(await storage.openHeart());
    await heart.beat(id);
    expect(await found("worker-silent")).toEqual([]);
    const before = new Date(Date.now() - 20_000);
    if (storage.kind === "sqlite") {
      utimesSync(`${place.url.slice("sqlite:".length)}-beats/${id}`, before, before);
    } else await run(`UPDATE ${table("worker")} SET beat_at = beat_at - 20000`);
    expect(await found("worker-silent")).toMatchObject([
      {
        detail: expect.stringMatching(
          `Worker ${id} \\(process 4711 on host\\) beat 2\\ds ago`,
        ) as string,
      },
    ]);
  });

  test("worker-lagging and maintenance-failing: what a worker's heartbeat says of its main loop and its passes is found", async () => {
    const { found, storage } = await open();
    const id = await hire(storage);
    const heart = databases.closing(await storage.openHeart());
    const pass = { ranAt: 0, tookMs: 1, rows: 0, runs: 9, total: 9, error: null };
    const report = {
      lagMs: 999,
      rssBytes: 1,
      heapBytes: 1,
      running: 0,
      places: 1,
      jobs: [],
      passes: { prune: pass },
    };
    await heart.beat(id, report);
    expect(await found("worker-lagging")).toEqual([]);
    expect(await found("maintenance-failing")).toEqual([]);
    await heart.beat(id, { ...report, lagMs: 3_000, passes: { prune: { ...pass, error: "no" } } });
    expect(await found("worker-lagging")).toMatchObject([
      { detail: expect.stringContaining("was late by 3s") as string },
    ]);
    expect(await found("maintenance-failing")).toMatchObject([
      { detail: `The last run of "prune" of worker ${id} failed: no` },
    ]);
  });

  test("jobs-abandoned: jobs of dead workers with nobody to rescue them are found", async () => {
    const { found, storage } = await open();
    const { lease } = await runOne(storage);
    expect(await found("jobs-abandoned")).toEqual([]);
    await storage.unregisterWorker(lease.owner);
    expect(await found("jobs-abandoned")).toMatchObject([
      { detail: expect.stringContaining("1 job was left running") as string },
    ]);
    await hire(storage, { queues: ["other"] });
    expect(await found("jobs-abandoned")).toEqual([]);
  });

  test("queue-unserved: a queue in which jobs wait and that nobody serves is found", async () => {
    const { found, storage } = await open();
    await queueJobs(storage, { queue: "emails" }, { queue: "emails" }, { queue: "default" });
    await hire(storage);
    expect(await found("queue-unserved")).toMatchObject([
      { detail: '2 jobs wait in "emails", and no worker takes jobs of it.' },
    ]);
    await hire(storage, { queues: ["emails"] });
    expect(await found("queue-unserved")).toEqual([]);
  });

  test("handler-missing: jobs whose workers do not know them, or only older ones of them, are found", async () => {
    const { found, storage } = await open();
    const id = await hire(storage, { versions: { work: 1 } });
    await queueJobs(storage, {}, { name: "other" }, { version: 2 });
    expect((await found("handler-missing")).map(({ detail }) => detail)).toEqual([
      `1 job "other" wait in "default", and none of the workers there (${id}) has their handler.`,
      `1 job "work" wait in "default", and none of the workers there (${id}) understands version 2 of their payload.`,
    ]);
    await hire(storage, { handlers: ["work", "other"], versions: { work: 2 } });
    expect(await found("handler-missing")).toEqual([]);
  });

  test("jobs-overdue: jobs that are due and that nobody makes available are found", async () => {
    const { found, storage } = await open();
    const now = Date.now();
    await queueJobs(storage, { createdAt: now - 9e5, runAt: now - 6e5 });
    expect(await found("jobs-overdue")).toMatchObject([
      { detail: expect.stringMatching(/^1 job is past due, the first of them for 10m/) as string },
    ]);
    await storage.promoteJobs(10, now);
    expect(await found("jobs-overdue")).toEqual([]);
  });

  test("ticks-missed and schedule-failing: schedules that nobody fires, or whose ticks are refused, are found", async () => {
    const { client, found, run, table } = await open();
    const nightly = { name: "nightly", every: "1h", job: "sweep", payload: 1 } as const;
    await client.schedules.upsert(nightly);
    expect(await found("ticks-missed")).toEqual([]);
    await run(`UPDATE ${table("schedule")} SET next_at = next_at - 7200000`);
    expect(await found("ticks-missed")).toMatchObject([
      { detail: expect.stringContaining('"nightly" was to tick') as string },
    ]);
    const failure = JSON.stringify({ code: "UNIQUE_CONFLICT", message: "Held.", at: 1, tries: 2 });
    await run(`UPDATE ${table("schedule")} SET failure = '${failure}'`);
    expect(await found("ticks-missed")).toEqual([]);
    expect(await found("schedule-failing")).toMatchObject([
      { detail: '"nightly" was tried 2 times in vain: UNIQUE_CONFLICT: Held.' },
    ]);
  });

  test("lane-crowded: a lane in which very many jobs wait is found", async () => {
    const { found, storage } = await open();
    await hire(storage);
    await storage.insertJobs(someJobs(20, { gates: laneOf("acme") }));
    expect(await found("lane-crowded", { laneJobs: 20 })).toMatchObject([
      { detail: expect.stringContaining('20 jobs wait in the lane "acme"') as string },
    ]);
    expect(await found("lane-crowded")).toEqual([]);
  });

  test("key-hot: one key used many times a second is named", async ({ skip }) => {
    const { found, storage, run, table } = await open();
    skip(storage.kind === "sqlite", "SQLite keeps no dead rows");
    const owner = await hire(storage);
    await storage.insertJobs(someJobs(100));
    const jobs = await claim(storage, owner);
    await storage.settleJobs(
      jobs.map((job) => settlement(job, "completed")),
      t0,
    );
    expect(await found("key-hot")).toEqual([]);
    await run(`UPDATE ${table("done")} SET unique_key = 'acme'`);
    expect(await found("key-hot")).toMatchObject([
      { detail: expect.stringContaining('100 jobs "work" of the unique key "acme"') as string },
    ]);
  });
});
