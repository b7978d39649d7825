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
