import type { SqliteHandle, SqliteStatement, SqlParams, SqlValue } from "./handle.ts";

/** Statements on one database handle, prepared once each. */
export interface Session {
  readonly handle: SqliteHandle;
  prepare(sql: string): SqliteStatement;
  /** Runs a statement and says how many rows it changed. */
  run(sql: string, ...params: SqlParams): number;
  get<Row>(sql: string, ...params: SqlParams): Row | undefined;
  all<Row>(sql: string, ...params: SqlParams): Row[];
  /** Reads rows as tuples: of many rows with many columns they cost half of what objects do. */
  tuples<Row extends readonly SqlValue[]>(sql: string, ...params: SqlParams): Row[];
}

/** More than Holdfast has statements; bounds what an application's own SQL can pile up. */
const cachedStatements = 256;

/** Opens a session on a handle. */
export function createSession(handle: SqliteHandle): Session {
  const cache = new Map<string, SqliteStatement>();
  function prepare(sql: string, tuples = false): SqliteStatement {
    const known = cache.get(sql);
    if (known !== undefined) return known;
    const statement = plain(handle.prepare(sql), tuples);
    if (cache.size >= cachedStatements) cache.delete(cache.keys().next().value ?? sql);
    cache.set(sql, statement);
    return statement;
  }
  return {
    handle,
    prepare: (sql) => prepare(sql),
    run: (sql, ...params) => Number(prepare(sql).run(...params).changes),
    get: <Row>(sql: string, ...params: SqlParams) => prepare(sql).get(...params) as Row | undefined,
    all: <Row>(sql: string, ...params: SqlParams) => prepare(sql).all(...params) as Row[],
    tuples: <Row extends readonly SqlValue[]>(sql: string, ...params: SqlParams) => {
      const rows = prepare(sql, true).all(...params) as Row[];
      return Array.isArray(rows[0]) ? rows : rows.map((row) => Object.values(row) as never);
    },
  };
}

interface StatementSettings {
  setReadBigInts?(on: boolean): void;
  setReturnArrays?(on: boolean): void;
}

/** An application's handle may be set to give arrays or BigInts; our statements on it do as they are told here. */
function plain(statement: SqliteStatement & StatementSettings, tuples: boolean): SqliteStatement {
  statement.setReadBigInts?.(false);
  statement.setReturnArrays?.(tuples);
  return statement;
}
