/** The part of an application's SQLite library that the tests use. */
export interface SqliteHandle {
  exec(sql: string): void;
  prepare(sql: string): { all(): unknown[]; run(...values: (string | null)[]): unknown };
  close(): void;
}

interface Library {
  readonly DatabaseSync: new (file: string) => SqliteHandle;
}

/** Opens a file as an application would: with Node's own SQLite, or on Node 20 its twin from npm. */
export async function openHandle(file: string): Promise<SqliteHandle> {
  const own = process.getBuiltinModule("node:sqlite") as Library | undefined;
  const library = own ?? (await import("@photostructure/sqlite"));
  return new library.DatabaseSync(file);
}
