import { renameSync, symlinkSync, rmSync, copyFileSync } from "node:fs";
import { loadSqlite } from "../../src/storage/sqlite/engine/load-sqlite.ts";
import { networkName } from "../../src/storage/sqlite/engine/file-system.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { objectsMadeBy } from "../../src/storage/shared/schema-objects.ts";
import { migrations } from "holdfast/sqlite";
import { expect, test } from "vitest";
import { describeDatabases } from "./client-databases.ts";
import { openPractice, queueJobs } from "./doctor-bench.ts";

describeDatabases((databases) => {
  if (databases.kind !== "a SQLite file") {
    test("only a SQLite file has findings of files", async () => {
      const { client } = await openPractice(databases);
      expect((await client.doctor()).checked).not.toContain("file");
    });
    return;
  }

  async function openFile(wrap?: Parameters<typeof openPractice>[1]) {
    const practice = await openPractice(databases, wrap);
    return { ...practice, file: practice.place.url.slice("sqlite:".length) };
  }

  async function application(file: string) {
    const handle = new (await loadSqlite())(file);
    databases.closing({ close: async () => handle.close() });
    return handle;
  }

  test("what the steps are said to make is exactly what a file has", async () => {
    const { file } = await openFile();
    const rows = (await application(file))
      .prepare(
        "SELECT type || ' ' || name AS object FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'",
      )
      .all() as { object: string }[];
    expect(rows.map(({ object }) => object).toSorted()).toEqual(objectsMadeBy(migrations));
  });

  test("writer-held: another process that keeps its write transaction open is found", async () => {
    const { found, file } = await openFile();
    const other = await application(file);
    other.exec("BEGIN IMMEDIATE");
    expect(await found("writer-held")).toHaveLength(1);
    other.exec("ROLLBACK");
    expect(await found("writer-held")).toEqual([]);
  });

  test("file-replaced: a file that was moved away or replaced under its users is found", async () => {
    const { found, file, storage } = await openFile();
    await queueJobs(storage, {});
    expect(await found("file-replaced")).toEqual([]);
    renameSync(file, `${file}.moved`);
    expect(await found("file-replaced")).toMatchObject([
      { level: "error", detail: expect.stringContaining(file) as string },
    ]);
    copyFileSync(`${file}.moved`, file);
    expect(await found("file-replaced")).toHaveLength(1);
    rmSync(file);
    renameSync(`${file}.moved`, file);
    expect(await found("file-replaced")).toEqual([]);
  });

  test("wal-large: a log that a forgotten reader keeps from shrinking is found", async () => {
    const { found, file, storage } = await openFile();
    await queueJobs(storage, {});
    const reader = await application(file);
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM holdfast_jobs").get();
    await queueJobs(storage, { payload: JSON.stringify("x".repeat(900_000)) });
    expect(await found("wal-large", { walBytes: 500_000 })).toMatchObject([
      { detail: expect.stringMatching(/-wal has \d+\.\d MiB/) as string },
    ]);
    expect(await found("wal-large")).toEqual([]);
  });

  test("network-file-system: a file of a network is found by the kind of its file system", async () => {
    expect([networkName(0x6969), networkName(0xff534d42 | 0), networkName(0xef53)]).toEqual([
      "NFS",
      "CIFS",
      null,
    ]);
    const { found } = await openFile((storage) =>
      overriddenStorage(storage, {
        async readHealth() {
          const health = await storage.readHealth();
          return { ...health, file: health.file && { ...health.file, network: "NFS" } };
        },
      }),
    );
    expect(await found("network-file-system")).toMatchObject([
      { level: "error", detail: expect.stringContaining("is on NFS") as string },
    ]);
  });

  test("wakeups-dead: a marker that cannot be made is found", async () => {
    const { found, file } = await openFile();
    expect(await found("wakeups-dead")).toEqual([]);
    rmSync(`${file}-wake`, { force: true });
    symlinkSync("/nowhere/at/all", `${file}-wake`);
    expect(await found("wakeups-dead")).toMatchObject([
      { level: "warning", detail: expect.stringContaining("-wake was not seen") as string },
    ]);
  });
});
