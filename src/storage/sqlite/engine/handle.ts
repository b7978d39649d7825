/** A value SQLite can bind. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** Values by parameter name, without the `$`. */
export type NamedValues = Readonly<Record<string, SqlValue>>;

/** What a statement is run with: values in order, or one object of named ones. */
export type SqlParams = readonly SqlValue[] | readonly [NamedValues];

/** The part of a prepared statement that node:sqlite, @photostructure/sqlite and better-sqlite3 share. */
export interface SqliteStatement {
  run(...params: readonly (SqlValue | NamedValues)[]): { readonly changes: number | bigint };
  get(...params: readonly (SqlValue | NamedValues)[]): unknown;
  all(...params: readonly (SqlValue | NamedValues)[]): unknown[];
}

/** The part of a database handle that the three libraries share. */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  /** node:sqlite from 22.16 on, and @photostructure/sqlite. */
  readonly isTransaction?: boolean;
  /** better-sqlite3. */
  readonly inTransaction?: boolean;
}

/** A handle Holdfast opened itself. */
export interface OwnHandle extends SqliteHandle {
  close(): void;
}

/** True for what looks like a database handle of one of the three libraries. */
export function isSqliteHandle(value: object): value is SqliteHandle {
  return (
    "prepare" in value &&
    typeof value.prepare === "function" &&
    "exec" in value &&
    typeof value.exec === "function"
  );
}

/** Whether a transaction is open, or `undefined` when the library cannot say. */
export function isInTransaction(handle: SqliteHandle): boolean | undefined {
  return handle.isTransaction ?? handle.inTransaction;
}
