import { realpathSync } from "node:fs";
import { HoldfastError } from "../../../core/errors.ts";
import type { SqliteConstructor, SqliteHandle } from "./handle.ts";
import { createSession, type Session } from "./session.ts";

/** Borrows the application's own handles of the same file, each for one call at a time. */
export interface ForeignHandles {
  /**
   * The session on a handle that is in a transaction.
   *
   * @throws {HoldfastError} `INVALID_OPTION` when it is no handle, of another library or file, or in no transaction.
   */
  sessionOf(tx: object): Session;
}

/** Accepts handles of `file` only, and only those `sqlite` made. */
export function createForeignHandles(
  file: string | undefined,
  sqlite: SqliteConstructor,
): ForeignHandles {
  const sessions = new WeakMap<object, Session>();
  return {
    sessionOf(tx) {
      try {
        const known = sessions.get(tx);
        const session = known ?? adopt(tx, file, sqlite);
        if (known === undefined) sessions.set(tx, session);
        assertInTransaction(session.handle);
        return session;
      } catch (error) {
        if (error instanceof HoldfastError) throw error;
        throw refused("tx cannot be used: its handle is closed or broken.", error);
      }
    },
  };
}

function adopt(tx: object, file: string | undefined, sqlite: SqliteConstructor): Session {
  const handle = sqlite.adopt === undefined ? ownHandle(tx, sqlite) : sqlite.adopt(tx);
  if (handle === undefined) throw refused(isHandle(tx) ? otherLibrary : noHandle);
  const session = createSession(handle);
  const theirs = mainFile(session);
  if (file === undefined || theirs !== file) {
    throw refused(
      `tx is a handle of ${theirs ?? "a database in memory"}, but the jobs are in ${file ?? "a database in memory of their own"}. Pass a handle of the same file, or use client.transaction.`,
    );
  }
  return session;
}

function ownHandle(tx: object, sqlite: SqliteConstructor): SqliteHandle | undefined {
  return tx instanceof sqlite ? tx : undefined;
}

const noHandle =
  "tx must be what client.transaction hands out, the application's open SQLite handle of the same file, or a transaction of Drizzle, Knex or TypeORM on such a handle. Kysely does not give its handle away: pass the handle, or open the transaction with kysely(db, { sqlite: handle }) of holdfast/orm.";

/**
 * Two copies of SQLite in one process do not see each other's locks, and closing a file in one drops the locks of the other:
 * both can be in a write transaction at once, and what one of them commits is gone.
 */
const otherLibrary =
  'tx is a handle of another SQLite library than Holdfast uses in this process, and two of them on one file lose each other\'s writes. Open the file with the same one on both sides: node:sqlite (on Node 20 @photostructure/sqlite), or better-sqlite3 and createClient({ storage: await sqliteStorage({ path, library: "better-sqlite3" }) }).';

function isHandle(value: object): boolean {
  return "prepare" in value && "exec" in value;
}

function mainFile(session: Session): string | undefined {
  const databases = session.all<{ readonly name: string; readonly file: string | null }>(
    "PRAGMA database_list",
  );
  const main = databases.find(({ name }) => name === "main")?.file;
  return main === undefined || main === null || main === "" ? undefined : realpathSync.native(main);
}

function assertInTransaction(handle: SqliteHandle): void {
  if (handle.isTransaction ?? refusesToBegin(handle)) return;
  throw refused("tx is not in a transaction. Run BEGIN IMMEDIATE on it first, and COMMIT after.");
}

/** Early versions of node:sqlite cannot be asked; a deferred BEGIN takes no lock and fails inside a transaction. */
function refusesToBegin(handle: SqliteHandle): boolean {
  try {
    handle.exec("BEGIN");
  } catch (error) {
    return /within a transaction/.test(String(error));
  }
  handle.exec("ROLLBACK");
  return false;
}

function refused(message: string, cause?: unknown): HoldfastError {
  return new HoldfastError("INVALID_OPTION", message, cause === undefined ? {} : { cause });
}
