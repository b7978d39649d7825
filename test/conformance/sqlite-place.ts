import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SqliteStorage, sqliteStorage } from "holdfast/sqlite";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { makeMigratedFile } from "../support/migrated-file.ts";
import { migrateMemory } from "../support/migrated-memory.ts";
import { openHandle, type SqliteHandle } from "../support/sqlite-handle.ts";
import { type Application, migrated, type Place, type Producer } from "./harness.ts";
import { single } from "./jobs.ts";

/** Laws that only a server can keep or break. */
export const notOnSqlite = {
  "a transaction left idle longer than it may be is rolled back by the server":
    "SQLite has no server; maxHold bounds a transaction",
  "serializable transactions that exclude each other: one commits, one is TRANSACTION_RETRY":
    "SQLite has one writer, so its transactions cannot conflict",
  "a deadlock undoes one part and says that it is a conflict":
    "SQLite has one writer, so its transactions cannot conflict",
  "a failed statement that is swallowed undoes its part all the same":
    "SQLite undoes a failed statement by itself and lets the transaction go on",
  "an id beyond 2^53 stays exact": "a SQLite file numbers its jobs from 1 and never gets there",
};

/** How a place gets its second storages: in this process, or in another one. */
export type Connect = (file: string) => Promise<Storage>;

/** Short enough that a law can wait for it. */
const maxHold = "1500ms";

const open = (file: string) => sqliteStorage({ path: file, maxHold });

const openBetter = (file: string) =>
  sqliteStorage({ path: file, maxHold, library: "better-sqlite3" });

/** A place in a file, which other processes can open too. */
export interface FilePlace extends Place {
  readonly file: string;
}

/** A new file of its own in a temporary folder, made by `make` or by opening it. */
export async function emptyFile(
  connect: Connect = open,
  make: (file: string) => Promise<void> = async () => {},
  better = false,
): Promise<FilePlace> {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-law-"));
  const file = path.join(folder, "jobs.db");
  await make(file);
  const storage = await (better ? openBetter : open)(file);
  const storages: Storage[] = [storage];
  const handles: SqliteHandle[] = [];
  const openFile = async (name: string) => {
    const handle = await openHandle(path.join(folder, name), better);
    handles.push(handle);
    return handle;
  };
  return {
    ...common(storage),
    file,
    async connect() {
      const other = await connect(file);
      storages.push(other);
      return other;
    },
    async application() {
      return applicationOf(await openFile("jobs.db"));
    },
    async producer() {
      const handle = await openFile("jobs.db");
      handle.exec("PRAGMA busy_timeout = 5000");
      return {
        enqueue: async (...given) => enqueueOn(handle, ...given),
        run: async (sql) => handle.exec(sql),
      };
    },
    async foreign() {
      const elsewhere = await openFile("other.db");
      elsewhere.exec("BEGIN");
      return { ...noTransactions, "a transaction of another file": elsewhere };
    },
    async close() {
      for (const handle of handles) handle.close();
      await Promise.all(storages.map((each) => each.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A database in memory, made by `make`; it has one connection: `connect` gives the same storage again. */
export async function emptyMemory(
  make: (storage: SqliteStorage) => Promise<void> = async () => {},
): Promise<Place> {
  const storage = await open(":memory:");
  await make(storage);
  return {
    ...common(storage),
    connect: async () => storage,
    application: async () => {
      throw new Error("No application can open a database in another's memory.");
    },
    // Nobody else gets in, so it speaks through Holdfast's own connection.
    producer: async () => ({
      enqueue: (...given) => storage.transact(async (tx) => enqueueOn(tx, ...given)),
      run: (sql) => storage.transact(async (tx) => tx.exec(sql)),
    }),
    foreign: async () => noTransactions,
    close: () => storage.close(),
  };
}

export const freshFile = (connect?: Connect): Promise<Place> =>
  migrated(emptyFile(connect, makeMigratedFile));
/** Files that nothing but `better-sqlite3` opens. */
export const betterFile = {
  empty: (): Promise<Place> => emptyFile(openBetter, undefined, true),
  fresh: (): Promise<Place> => migrated(emptyFile(openBetter, makeMigratedFile, true)),
};
export const freshMemory = (): Promise<Place> => migrated(emptyMemory(migrateMemory));

function common(storage: SqliteStorage): Pick<Place, "storage" | "script" | "table"> {
  return {
    storage,
    script: (sql) => storage.transact(async (tx) => tx.exec(sql)),
    table: (name) => `holdfast_${name}`,
  };
}

const noTransactions = {
  "an empty object": {},
  "a date": new Date(0),
  "a list": [],
  "something that can query": { query: async () => ({ rows: [] }) },
};

function applicationOf(handle: SqliteHandle): Application {
  return {
    tx: handle,
    async query(sql) {
      const statement = handle.prepare(sql);
      if (statement.reader !== false) return statement.all().map((row) => ({ ...(row as object) }));
      statement.run();
      return [];
    },
  };
}

/** What a program of another language does, here at once: in its transaction nobody else's answer gets in between. */
function enqueueOn(
  handle: Pick<SqliteHandle, "prepare">,
  ...[name, payload = "null", options = "{}"]: Parameters<Producer["enqueue"]>
): Awaited<ReturnType<Producer["enqueue"]>> {
  const insert = "INSERT INTO holdfast_enqueue (name, payload, options) VALUES (?, ?, ?)";
  handle.prepare(insert).run(name, payload, options);
  const { id, outcome } = single(
    handle.prepare("SELECT id, outcome FROM holdfast_receipt").all() as Receipt[],
  );
  return { id: String(id), outcome };
}

interface Receipt {
  readonly id: number | bigint;
  readonly outcome: string;
}
