/**
 * An open database transaction. On PostgreSQL it is the `pg` client itself, so any library that takes one can
 * write through it; on SQLite it is a handle on Holdfast's own connection that also has `prepare` and `exec`.
 *
 * @example
 * ```ts
 * await client.transaction(async (tx) => {
 *   await tx.query("INSERT INTO orders (id) VALUES ($1)", [orderId]);
 *   await client.enqueue(sendReceipt, { orderId }, { tx });
 * });
 * ```
 */
export interface Transaction {
  /** Runs one statement; parameters are `$1`, `$2`, ... on both databases. */
  query<Row = Record<string, unknown>>(
    sql: string,
    params?: readonly unknown[],
  ): Promise<{ readonly rows: Row[]; readonly rowCount: number | null }>;
}

/**
 * Opens transactions of the application's own library, for `using`. Those of `holdfast/orm` are ready made.
 *
 * @example
 * ```ts
 * import type { TransactionOpener } from "holdfast";
 * import type pg from "pg";
 *
 * const own: TransactionOpener<pg.PoolClient> = {
 *   async open(fn) {
 *     const connection = await pool.connect();
 *     try {
 *       await connection.query("BEGIN");
 *       const value = await fn(connection);
 *       await connection.query("COMMIT");
 *       return value;
 *     } catch (error) {
 *       await connection.query("ROLLBACK");
 *       throw error;
 *     } finally {
 *       connection.release();
 *     }
 *   },
 * };
 * ```
 */
export interface TransactionOpener<Tx extends object> {
  /** Begins a transaction, runs `fn` in it, commits when `fn` resolves and rolls back when it rejects. */
  open<Value>(fn: (tx: Tx) => Promise<Value>): Promise<Value>;
  /** Sends what the library would put off until the commit. */
  flush?(tx: Tx): Promise<void>;
}

/** Whose transaction a function runs in. */
export interface UsingOptions<Tx extends object> {
  /** Opens it in place of Holdfast; the function is given the library's own object. */
  readonly using: TransactionOpener<Tx>;
}
