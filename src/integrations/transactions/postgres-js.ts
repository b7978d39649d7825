import type { TransactionOpener } from "../../core/transaction.ts";
import { asTransaction } from "./as-transaction.ts";
import { noTransaction } from "./refusal.ts";
import { hasMethods } from "./shape.ts";

interface Sql {
  unsafe(sql: string, params: readonly unknown[]): Promise<readonly unknown[]>;
}

/** The transaction of postgres.js: the `sql` that `sql.begin` gives its function, or a reserved connection. */
export function postgresJsTransaction(tx: object): object | undefined {
  if (!hasMethods(tx, "unsafe", "array", "notify")) return undefined;
  if (!hasMethods(tx, "savepoint") && !hasMethods(tx, "release")) {
    throw noTransaction(
      "postgres.js's sql outside a transaction",
      "the sql that sql.begin(async (sql) => ...) gives its function",
    );
  }
  const sql = tx as unknown as Sql;
  return asTransaction({
    query: async (text, params) => ({ rows: Array.from(await sql.unsafe(text, params)) }),
  });
}

/** The part of postgres.js's `sql` that opens transactions. */
export interface PostgresJs<Tx extends object> {
  begin(options: string, fn: (sql: Tx) => Promise<unknown>): Promise<unknown>;
}

/**
 * Transactions of postgres.js, for `using`: `fn` gets the `sql` of `sql.begin`.
 *
 * @example
 * ```ts
 * import { postgresJs } from "holdfast/orm";
 * import postgres from "postgres";
 *
 * const sql = postgres("postgres://localhost/app");
 * await client.transaction(
 *   async (tx) => {
 *     await tx`INSERT INTO orders (id) VALUES (${orderId})`;
 *     await client.enqueue(sendReceipt, { orderId }, { tx });
 *   },
 *   { using: postgresJs(sql) },
 * );
 * ```
 */
export function postgresJs<Tx extends object>(sql: PostgresJs<Tx>): TransactionOpener<Tx> {
  return {
    async open<Value>(fn: (tx: Tx) => Promise<Value>): Promise<Value> {
      // What fn gives is kept as it is: begin would await the members of an array.
      let value: { readonly given: Value } | undefined;
      await sql.begin("", async (tx) => {
        value = { given: await fn(tx) };
      });
      return (value as unknown as { readonly given: Value }).given;
    },
  };
}
