import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Client, createClient, createWorker, defineJob, type JobContext } from "holdfast";
import * as orm from "holdfast/orm";
import { type SqliteStorage, sqliteStorage } from "holdfast/sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { hasBetterSqlite, openHandle } from "../support/sqlite-handle.ts";
import { silent } from "./client-databases.ts";
import { type OpenSqliteLibrary, sqliteLibraries, type SqliteLibrary } from "./sqlite-libraries.ts";

const awkward = {
  text: `"double" 'single' \\ $1 ? :name 日本 🚀\n\u0001`,
  list: [1, 2.5, null, []],
};
const note = defineJob<unknown>({ name: "note" });
const keyed = defineJob<null>({ name: "keyed", unique: { key: () => "k", onConflict: "error" } });
const write = defineJob<null, string>({
  name: "write",
  retry: { attempts: 2, backoff: "fixed", delay: 1 },
});

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-libraries-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = sqliteLibraries.filter(({ better }) => !better);
const onBetterSqlite = sqliteLibraries.filter(({ better }) => better);
const named = (libraries: readonly SqliteLibrary[]) =>
  libraries.map((each) => [each.name, each] as const);

describe.each(named(own))("%s", (_name, library) => prove(library));

describe.skipIf(!hasBetterSqlite)("better-sqlite3 13 does not run on Node 20", () => {
  describe.each(named(onBetterSqlite))("%s", (_name, library) => prove(library));
});

function prove(each: SqliteLibrary): void {
  let storage: SqliteStorage;
  let client: Client;
  let ambient: Client;
  let library: OpenSqliteLibrary;

  beforeAll(async () => {
    const file = path.join(folder, `${each.name.replaceAll(/\W/g, "-")}.db`);
    const other = each.better ? ({ library: "better-sqlite3" } as const) : {};
    storage = await sqliteStorage({ path: file, ...other });
    client = await createClient({ storage, migrate: true, logger: silent });
    ambient = await createClient({ storage, logger: silent, transactions: "ambient" });
    library = await each.open(file);
    const { using } = library;
    await using.open((tx) => library.run(tx, "CREATE TABLE notes (id integer) STRICT"));
  });
  afterAll(async () => {
    await library.close();
    await ambient.close();
    await client.close();
    await storage.close();
  });

  const jobs = async () => Object.values(await client.jobs.count()).reduce((sum, n) => sum + n, 0);
  const insert = (tx: object) => library.run(tx, "INSERT INTO notes VALUES (1)");

  test("what is enqueued exists exactly if the transaction commits", async () => {
    const before = await jobs();
    const ids = await library.using.open(async (tx) => {
      await insert(tx);
      const one = await client.enqueue(note, awkward, { tx, tags: ["a,b"] });
      const many = await client.enqueueMany(note, [awkward, 1, null], { tx });
      expect(await jobs()).toBe(before);
      return [one, ...many].map(({ id }) => id);
    });
    const stored = await Promise.all(ids.map((id) => client.jobs.get(id)));
    expect(stored.map((job) => job?.payload)).toEqual([awkward, awkward, 1, null]);
    const failing = library.using.open(async (tx) => {
      await client.enqueueMany(note, [1, 2, 3], { tx });
      await insert(tx);
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await jobs()).toBe(before + 4);
  });

  test("a conflict leaves the transaction usable; outside one its handle is refused", async () => {
    await client.enqueue(keyed, null);
    const before = await jobs();
    await library.using.open(async (tx) => {
      const conflict = client.enqueue(keyed, null, { tx });
      await expect(conflict).rejects.toThrow(coded("UNIQUE_CONFLICT"));
      await insert(tx);
      await Promise.all([client.enqueue(note, 1, { tx }), client.enqueue(note, 2, { tx })]);
    });
    const refused = client.enqueue(note, 1, { tx: library.outside });
    await expect(refused).rejects.toThrow(coded("INVALID_OPTION", "tx "));
    expect(await jobs()).toBe(before + 2);
  });

  test("client.transaction and job.transaction open its transactions", async () => {
    const { using } = library;
    const before = await jobs();
    await client.transaction(
      async (tx) => {
        await insert(tx);
        await client.enqueue(note, 1, { tx });
        await expect(client.enqueue(note, 1)).rejects.toThrow(coded("TRANSACTION_OPEN"));
      },
      { using },
    );
    await ambient.transaction(async () => ambient.enqueue(note, 1), { using });
    const both = (job: JobContext<string>) =>
      job.transaction(
        async (tx) => {
          await insert(tx);
          await job.enqueue(note, 1, { tx });
          if (job.attempt === 1) throw new Error("the first time");
          return "written";
        },
        { using },
      );
    await using.open((tx) => library.run(tx, "DELETE FROM notes"));
    const handlers = [write.handler(async (_payload, job) => both(job))];
    const worker = createWorker(client, { handlers, poll: "20ms", drain: "1s" });
    await worker.start();
    const { id } = await client.enqueue(write, null);
    expect(await client.handle(id).result({ timeout: "10s" })).toBe("written");
    await worker.stop();
    expect(await jobs()).toBe(before + 4);
  });
}

test.runIf(hasBetterSqlite)(
  "a handle of another library than the storage's is refused",
  async () => {
    const file = path.join(folder, "two-libraries.db");
    for (const better of [true, false]) {
      const other = better ? {} : ({ library: "better-sqlite3" } as const);
      const storage = await sqliteStorage({ path: file, ...other });
      const client = await createClient({ storage, migrate: true, logger: silent });
      const handle = await openHandle(path.join(folder, "elsewhere.db"), better);
      handle.exec("BEGIN");
      const refused = client.enqueue(note, 1, { tx: handle });
      await expect(refused).rejects.toThrow(coded("INVALID_OPTION", "another SQLite library"));
      handle.close();
      await client.close();
      await storage.close();
    }
  },
);

test.runIf(hasBetterSqlite)("Drizzle's synchronous transactions are not opened", async () => {
  const { drizzle } = await import("drizzle-orm/better-sqlite3");
  const db = drizzle({ client: await openHandle(":memory:", true) });
  expect(() => orm.drizzle(db as never)).toThrow(coded("INVALID_OPTION", "synchronous"));
});
