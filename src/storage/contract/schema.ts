/** One forward-only step of the schema. */
export interface Migration {
  /** 1, 2, 3, ... without gaps. */
  readonly id: number;
  readonly name: string;
  /** SHA-256 in hexadecimal of `sql` without its last statement, which records it. */
  readonly checksum: string;
  /** The whole step, ending with the row that records it; safe to run inside a transaction. */
  readonly sql: string;
}

/** How the database's schema stands to this code. */
export interface SchemaStatus {
  /** The newest migration applied; 0 for none. */
  readonly current: number;
  /** The newest migration this code has. */
  readonly latest: number;
  readonly pending: readonly Migration[];
}

/** Bringing the schema up to the code. */
export interface SchemaStore {
  /**
   * Reads how the schema stands, changing nothing.
   *
   * @throws {HoldfastError} `SCHEMA_TOO_NEW` when the newest migration refuses code this old, `SCHEMA_CHANGED` when an
   * applied step's checksum is not this code's, `STORAGE_*`.
   */
  schemaStatus(): Promise<SchemaStatus>;
  /**
   * Applies what is pending, in one transaction, and says which. Any number of processes may call it at once:
   * the status is read first, a lock is taken before the first change, and the status is read again under it.
   */
  migrate(): Promise<readonly Migration[]>;
  /**
   * Removes everything the migrations made, jobs included, and nothing else, in one transaction; a schema that is empty then goes too.
   * Idempotent. Workers must have stopped.
   *
   * @throws {HoldfastError} `SCHEMA_TOO_NEW` when newer code has made more than this code knows, `STORAGE_*`, such as when
   * something of the application depends on it.
   */
  dropSchema(): Promise<void>;
}
