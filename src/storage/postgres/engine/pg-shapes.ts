/** What `pg` answers to one statement. */
export interface PgResult {
  readonly rows: readonly unknown[];
  /** The command tag's first word: a COMMIT of a failed transaction answers `ROLLBACK`. */
  readonly command: string;
}

/** The part of a `pg` client that Holdfast uses. */
export interface PgClient {
  query(sql: string, params?: unknown[]): Promise<PgResult>;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
}

/** A client checked out of a pool. */
export interface PgPoolClient extends PgClient {
  /** Gives it back; `true` closes it instead. */
  release(destroy?: boolean): void;
}

/** The part of a `pg` pool that Holdfast uses; every `pg.Pool` is one. */
export interface PostgresPool {
  connect(): Promise<PgPoolClient>;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "acquire", listener: (client: PgClient) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
  off(event: "acquire", listener: (client: PgClient) => void): unknown;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: object;
}

/** A pool of Holdfast's own. */
export interface OwnPool extends PostgresPool {
  end(): Promise<void>;
}

/** A client of Holdfast's own, outside any pool. */
export interface OwnClient extends PgClient {
  /** The server's process, as the other end names it; pg-native does not say. */
  readonly processID?: number | null;
  connect(): Promise<unknown>;
  end(): Promise<void>;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  on(event: "notification", listener: (message: { readonly payload?: string }) => void): unknown;
}

/** What a pool or client is opened with; `pg` knows the rest. */
export interface PgOptions {
  readonly connectionString?: string;
  readonly password?: unknown;
  readonly ssl?: unknown;
  readonly max?: number;
  readonly query_timeout?: number;
  readonly connectionTimeoutMillis?: number;
  readonly [option: string]: unknown;
}

/** What is used of the module `pg`. */
export interface Driver {
  readonly Pool: new (options: PgOptions) => OwnPool;
  readonly Client: new (options: PgOptions) => OwnClient;
}
