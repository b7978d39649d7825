import type { PostgresPool } from "../client/open-storage.ts";

/** What is used here of a `pg` pool; name the whole with `state.pg<pg.Pool>()`. */
export interface PgPool extends PostgresPool {
  query<Row = Record<string, unknown>>(
    sql: string,
    values?: unknown[],
  ): Promise<{ readonly rows: Row[]; readonly rowCount: number | null }>;
  end(): Promise<void>;
}

/** What is used here of an `ioredis` client; name the whole with `state.redis<Redis>()`. */
export interface RedisClient {
  readonly status: string;
  get(key: string): Promise<string | null>;
  set(key: string, value: string | number): Promise<unknown>;
  del(...keys: string[]): Promise<number>;
  incr(key: string): Promise<number>;
  expire(key: string, seconds: number): Promise<number>;
  ping(): Promise<string>;
  on(event: "error", listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  disconnect(): void;
  quit(): Promise<unknown>;
}
