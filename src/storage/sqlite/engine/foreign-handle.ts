import { realpathSync } from "node:fs";
import { HoldfastError } from "../../../core/errors.ts";
import { isInTransaction, isSqliteHandle, type SqliteHandle } from "./handle.ts";
import { createSession, type Session } from "./session.ts";

/** Borrows the application's own handles of the same file, each for one call at a time. */
export interface ForeignHandles {
  /**
   * The session on a handle that is in a transaction.
   *
   * @throws {HoldfastError} `INVALID_OPTION` when it is no handle, of another file, or in no transaction.
   */
  sessionOf(tx: object): Session;
}

/** Accepts handles of `file` only. */
export function createForeignHandles(file: string | undefined): ForeignHandles {
  const sessions = new WeakMap<object, Session>();
  return {
    sessionOf(tx) {
      try {
        const known = sessions.get(tx);
        const session = known ?? adopt(tx, file);
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

function adopt(tx: object, file: string | undefined): Session {
  if (!isSqliteHandle(tx)) {
    throw refused(
      "tx must be what client.transaction hands out, or an open SQLite handle (node:sqlite, better-sqlite3) of the same file.",
    );
  }
  const session = createSession(tx);
  const theirs = mainFile(session);
  if (file === undefined || theirs !== file) {
    throw refused(
      `tx is a handle of ${theirs ?? "a database in memory"}, but the jobs are in ${file ?? "a database in memory of their own"}. Pass a handle of the same file, or use client.transaction.`,
    );
  }
  return session;
}

function mainFile(session: Session): string | undefined {
  const databases = session.all<{ readonly name: string; readonly file: string | null }>(
    "PRAGMA database_list",
  );
  const main = databases.find(({ name }) => name === "main")?.file;
  return main === undefined || main === null || main === "" ? undefined : realpathSync.native(main);
}

function assertInTransaction(handle: SqliteHandle): void {
  if (isInTransaction(handle) ?? refusesToBegin(handle)) return;
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
