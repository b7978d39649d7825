import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { HoldfastError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { createBreather } from "./engine/breather.ts";
import type { SqliteConstructor, SqliteHandle } from "./engine/handle.ts";
import { loadSqlite, type SqliteLibrary } from "./engine/load-sqlite.ts";
import { createPatience } from "./engine/patience.ts";
import { createSession, type Session } from "./engine/session.ts";
import { createWriteLine, type WriteLine } from "./engine/write-line.ts";
import { isBusy, storageError } from "./sql-errors.ts";

/** Holdfast's own way into one database: one writer, and beside it one reader that neither blocks nor sees what is not committed. */
export interface Connection
  extends Pick<WriteLine, "write" | "writeIfNeeded" | "writeSoon" | "hold"> {
  /** The file's real path; `undefined` for a database in memory. */
  readonly file: string | undefined;
  /** The SQLite library this process uses. */
  readonly sqlite: SqliteConstructor;
  /** Its name, when it was asked for. */
  readonly library: SqliteLibrary | undefined;
  /** Runs a synchronous unit of one reading statement. */
  read<Value>(unit: (session: Session) => Value): Promise<Value>;
  /** Throws `CLIENT_CLOSED` once `close` was called. */
  assertOpen(): void;
  /** Waits for everything in line, then closes; idempotent. */
  close(): Promise<void>;
}

/** What to open. */
export interface ConnectionOptions {
  readonly path: string;
  readonly create: boolean;
  readonly logger: Logger | undefined;
  readonly library?: SqliteLibrary | undefined;
}

/** A reader of its own, for a heartbeat thread. */
export interface Reader {
  read<Value>(unit: (session: Session) => Value): Promise<Value>;
  close(): void;
}

/**
 * Opens a file, or `":memory:"`, which has a single connection: there, reads stand in the writers' line.
 *
 * @throws {HoldfastError} `DRIVER_MISSING`, `STORAGE_UNAVAILABLE`, `STORAGE_READ_ONLY`, `STORAGE_INVALID`, `STORAGE_BUSY`.
 */
export async function openConnection({
  path,
  create,
  logger,
  library,
}: ConnectionOptions): Promise<Connection> {
  const sqlite = await loadSqlite(library);
  if (path === ":memory:") return openMemory(sqlite, logger);
  const full = resolve(path);
  assertUsable(full, create);
  const writer = await openFile(sqlite, full, [
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = OFF",
  ]);
  const reader = await openFile(sqlite, full, ["PRAGMA query_only = ON"]).catch(
    (error: unknown) => {
      writer.close();
      throw error;
    },
  );
  const breathe = createBreather();
  const readSession = createSession(reader);
  return assemble(createWriteLine(createSession(writer), logger), {
    file: realpathSync.native(full),
    sqlite,
    library,
    async read(unit) {
      await breathe();
      return patiently(() => unit(readSession));
    },
    close() {
      reader.close();
      checkpoint(writer);
      writer.close();
    },
  });
}

/** Opens a reader of an existing file. */
export async function openReader(file: string, library?: SqliteLibrary): Promise<Reader> {
  const handle = await openFile(await loadSqlite(library), file, ["PRAGMA query_only = ON"]);
  const session = createSession(handle);
  return { read: (unit) => patiently(() => unit(session)), close: () => handle.close() };
}

function openMemory(sqlite: SqliteConstructor, logger: Logger | undefined): Connection {
  const handle = new sqlite(":memory:");
  const session = createSession(handle);
  const line = createWriteLine(session, logger);
  return assemble(line, {
    file: undefined,
    sqlite,
    library: undefined,
    read: (unit) => line.alone(() => patiently(() => unit(session))),
    close: () => handle.close(),
  });
}

function assemble(
  line: WriteLine,
  parts: Pick<Connection, "file" | "sqlite" | "library" | "read"> & { close(): void },
): Connection {
  const reading = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  function assertOpen(): void {
    if (closing === undefined) return;
    throw new HoldfastError("CLIENT_CLOSED", "The SQLite storage is closed. Open a new one.");
  }
  return {
    file: parts.file,
    sqlite: parts.sqlite,
    library: parts.library,
    assertOpen,
    async read(unit) {
      assertOpen();
      const answer = parts.read(unit);
      reading.add(answer);
      return answer.finally(() => reading.delete(answer));
    },
    async write(unit) {
      assertOpen();
      return line.write(unit);
    },
    async writeIfNeeded(unit) {
      assertOpen();
      return line.writeIfNeeded(unit);
    },
    async writeSoon(unit, limitMs) {
      assertOpen();
      return line.writeSoon(unit, limitMs);
    },
    async hold(unit) {
      assertOpen();
      return line.hold(unit);
    },
    close() {
      closing ??= line.alone(async () => {
        await Promise.allSettled(reading);
        parts.close();
      });
      return closing;
    },
  };
}

/** The shim's last close may leave this to the next opening; whoever copies the file in between has all of it. */
function checkpoint(writer: SqliteHandle): void {
  try {
    writer.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
  } catch (error) {
    if (!isBusy(error)) throw storageError(error);
  }
}

/** As root the permission bits say nothing, and neither does this. */
function assertUsable(path: string, create: boolean): void {
  if (!create && !existsSync(path)) {
    throw new HoldfastError(
      "STORAGE_UNAVAILABLE",
      `There is no SQLite file at ${path}. Check the path, or leave out create: false to have it made.`,
      { details: { path } },
    );
  }
  try {
    accessSync(dirname(path), constants.W_OK);
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw storageError(error);
  }
}

async function openFile(
  sqlite: SqliteConstructor,
  path: string,
  pragmas: readonly string[],
): Promise<SqliteHandle> {
  let handle: SqliteHandle | undefined;
  try {
    handle = new sqlite(path);
    const opened = handle;
    // Reading the header first: a file that is no database is refused before anything could write to it.
    for (const pragma of ["PRAGMA busy_timeout = 0", "PRAGMA schema_version", ...pragmas]) {
      await patiently(() => opened.prepare(pragma).all());
    }
    assertWal(handle);
    return handle;
  } catch (error) {
    handle?.close();
    throw storageError(error);
  }
}

function assertWal(handle: SqliteHandle): void {
  const answer = handle.prepare("PRAGMA journal_mode").get() as { readonly journal_mode: string };
  if (answer.journal_mode === "wal") return;
  throw new HoldfastError(
    "STORAGE_UNAVAILABLE",
    `The SQLite file cannot be used in WAL mode (it is in ${answer.journal_mode} mode). Keep it on a local disk, not on a network file system.`,
  );
}

async function patiently<Value>(step: () => Value): Promise<Value> {
  const patience = createPatience();
  for (;;) {
    try {
      return step();
    } catch (error) {
      if (!isBusy(error)) throw storageError(error);
    }
    await patience.pause();
  }
}
