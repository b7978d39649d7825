import type { SqliteHandle, SqliteStatement, SqlParams } from "./handle.ts";

/** Statements on one database handle, prepared once each. */
export interface Session {
  readonly handle: SqliteHandle;
  prepare(sql: string): SqliteStatement;
  /** Runs a statement and says how many rows it changed. */
  run(sql: string, ...params: SqlParams): number;
  get<Row>(sql: string, ...params: SqlParams): Row | undefined;
  all<Row>(sql: string, ...params: SqlParams): Row[];
}

/** More than Holdfast has statements; bounds what an application's own SQL can pile up. */
const cachedStatements = 256;

/** Opens a session on a handle. */
export function createSession(handle: SqliteHandle): Session {
  const cache = new Map<string, SqliteStatement>();
  function prepare(sql: string): SqliteStatement {
    const known = cache.get(sql);
    if (known !== undefined) return known;
    const statement = plain(handle.prepare(sql));
    if (cache.size >= cachedStatements) cache.delete(cache.keys().next().value ?? sql);
    cache.set(sql, statement);
    return statement;
  }
  return {
    handle,
    prepare,
    run: (sql, ...params) => Number(prepare(sql).run(...params).changes),
    get: <Row>(sql: string, ...params: SqlParams) => prepare(sql).get(...params) as Row | undefined,
    all: <Row>(sql: string, ...params: SqlParams) => prepare(sql).all(...params) as Row[],
  };
}

interface StatementSettings {
  setReadBigInts?(on: boolean): void;
  setReturnArrays?(on: boolean): void;
}

/** An application's handle may be set to give arrays or BigInts; our statements on it must not. */
function plain(statement: SqliteStatement & StatementSettings): SqliteStatement {
  statement.setReadBigInts?.(false);
  statement.setReturnArrays?.(false);
  return statement;
}
