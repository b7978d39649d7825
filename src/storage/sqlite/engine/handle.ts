/** A value SQLite can bind. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** Values by parameter name, without the `$`. */
export type NamedValues = Readonly<Record<string, SqlValue>>;

/** What a statement is run with: values in order, or one object of named ones. */
export type SqlParams = readonly SqlValue[] | readonly [NamedValues];

/** The part of a prepared statement Holdfast uses; node:sqlite and @photostructure/sqlite have it. */
export interface SqliteStatement {
  run(...params: readonly (SqlValue | NamedValues)[]): { readonly changes: number | bigint };
  get(...params: readonly (SqlValue | NamedValues)[]): unknown;
  all(...params: readonly (SqlValue | NamedValues)[]): unknown[];
}

/** The part of a database handle Holdfast uses. */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): void;
  /** Whether a transaction is open; versions of Node before 22.16 cannot say. */
  readonly isTransaction?: boolean;
}

/** Opens a database file. */
export interface SqliteConstructor {
  new (path: string): SqliteHandle;
  /** Takes an application's handle of the same library, where that is not of this class itself. */
  adopt?(tx: object): SqliteHandle | undefined;
}
