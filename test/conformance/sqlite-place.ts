import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SqliteStorage, sqliteStorage } from "holdfast/sqlite";
import type { Storage } from "../../src/storage/contract/storage.ts";
import type { Application, Place } from "./harness.ts";
import { migrated } from "./harness.ts";

/** The part of an application's SQLite library that the laws use. */
interface Handle {
  exec(sql: string): void;
  prepare(sql: string): { all(): unknown[] };
  close(): void;
}

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

interface Library {
  readonly DatabaseSync: new (file: string) => Handle;
}

/** How a place gets its second storages: in this process, or in another one. */
export type Connect = (file: string) => Promise<Storage>;

/** Short enough that a law can wait for it. */
const maxHold = "1500ms";

const open = (file: string) => sqliteStorage({ path: file, maxHold });

/** A place in a file, which other processes can open too. */
export interface FilePlace extends Place {
  readonly file: string;
}

/** A new file of its own in a temporary folder. */
export async function emptyFile(connect: Connect = open): Promise<FilePlace> {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-law-"));
  const file = path.join(folder, "jobs.db");
  const storage = await open(file);
  const storages: Storage[] = [storage];
  const handles: Handle[] = [];
  const openHandle = async (name: string) => {
    const handle = await applicationHandle(path.join(folder, name));
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
      return applicationOf(await openHandle("jobs.db"));
    },
    async foreign() {
      const elsewhere = await openHandle("other.db");
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

/** A database in memory, which has one connection: `connect` gives the same storage again. */
export async function emptyMemory(): Promise<Place> {
  const storage = await open(":memory:");
  return {
    ...common(storage),
    connect: async () => storage,
    application: async () => {
      throw new Error("No application can open a database in another's memory.");
    },
    foreign: async () => noTransactions,
    close: () => storage.close(),
  };
}

export const freshFile = (connect?: Connect): Promise<Place> => migrated(emptyFile(connect));
export const freshMemory = (): Promise<Place> => migrated(emptyMemory());

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

function applicationOf(handle: Handle): Application {
  return {
    tx: handle,
    query: async (sql) =>
      handle
        .prepare(sql)
        .all()
        .map((row) => ({ ...(row as object) })),
  };
}

/** What an application would use: Node's own SQLite, or on Node 20 its twin from npm. */
async function applicationHandle(file: string): Promise<Handle> {
  const own = process.getBuiltinModule("node:sqlite") as Library | undefined;
  const library = own ?? (await import("@photostructure/sqlite"));
  return new library.DatabaseSync(file);
}
