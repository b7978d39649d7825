import { createRequire } from "node:module";

/** The part of an application's SQLite library that the tests use. */
export interface SqliteHandle {
  exec(sql: string): void;
  prepare(sql: string): {
    /** Known to `better-sqlite3`, which insists on `run` for what gives no rows. */
    readonly reader?: boolean;
    all(...values: unknown[]): unknown[];
    run(...values: unknown[]): unknown;
  };
  close(): void;
}

/** Its current version ends a process of Node 20 by a segmentation fault. */
export const hasBetterSqlite = Number(process.versions.node.split(".")[0]) >= 22;

/** Opens a file as an application on `better-sqlite3` would; on Node 22 and newer. */
export function openBetter(file: string): SqliteHandle & object {
  const Database = createRequire(import.meta.url)("better-sqlite3") as new (
    file: string,
  ) => SqliteHandle;
  return new Database(file);
}

interface Library {
  readonly DatabaseSync: new (file: string) => SqliteHandle;
}

/** Opens a file as an application would: with Node's own SQLite, or on Node 20 its twin from npm. */
export async function openHandle(file: string, better = false): Promise<SqliteHandle> {
  if (better) return openBetter(file);
  const own = process.getBuiltinModule("node:sqlite") as Library | undefined;
  const library = own ?? (await import("@photostructure/sqlite"));
  return new library.DatabaseSync(file);
}
