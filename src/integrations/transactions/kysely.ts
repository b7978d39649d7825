import type { TransactionOpener } from "../../core/transaction.ts";
import { asTransaction } from "./as-transaction.ts";
import { noTransaction } from "./refusal.ts";
import { hasMethods } from "./shape.ts";
import { standsFor } from "./stand-in.ts";

interface KyselyTransaction {
  executeQuery(query: object): Promise<{ readonly rows: readonly unknown[] }>;
}

/** The transaction of Kysely: the `trx` of `db.transaction().execute`, or of `startTransaction()`. */
export function kyselyTransaction(tx: object): object | undefined {
  if (!hasMethods(tx, "executeQuery", "getExecutor", "selectFrom")) return undefined;
  if (tx["isTransaction"] !== true) {
    throw noTransaction(
      "Kysely's db outside a transaction",
      "the trx that db.transaction().execute(async (trx) => ...) gives its function",
    );
  }
  const trx = tx as unknown as KyselyTransaction;
  return asTransaction({ query: (sql, params) => trx.executeQuery(compiled(sql, params)) });
}

let queries = 0;

/** What `CompiledQuery.raw(sql, parameters)` of Kysely makes. */
function compiled(sql: string, parameters: readonly unknown[]): object {
  queries += 1;
  return {
    sql,
    parameters,
    query: { kind: "RawNode", sqlFragments: [sql], parameters: [] },
    queryId: { queryId: `holdfast-${queries}` },
  };
}

/** The part of a Kysely database that opens transactions. */
export interface KyselyDatabase<Tx extends object> {
  transaction(): { execute<Value>(fn: (trx: Tx) => Promise<Value>): Promise<Value> };
}

/** Where a Kysely database on SQLite has its rows. */
export interface KyselyOptions {
  /** On SQLite: the handle its dialect was given. Kysely does not tell, and a job is written through it. */
  readonly sqlite?: object;
}

/**
 * Transactions of Kysely, for `using`: `fn` gets Kysely's `trx`.
 *
 * @example
 * ```ts
 * import { kysely } from "holdfast/orm";
 * import { Kysely, PostgresDialect } from "kysely";
 *
 * const db = new Kysely<{ orders: { id: number } }>({ dialect: new PostgresDialect({ pool }) });
 * await client.transaction(
 *   async (trx) => {
 *     await trx.insertInto("orders").values({ id: orderId }).execute();
 *     await client.enqueue(sendReceipt, { orderId }, { tx: trx });
 *   },
 *   { using: kysely(db) },
 * );
 * ```
 */
export function kysely<Tx extends object>(
  db: KyselyDatabase<Tx>,
  { sqlite }: KyselyOptions = {},
): TransactionOpener<Tx> {
  return {
    open: (fn) =>
      db.transaction().execute((trx) => {
        if (sqlite !== undefined) standsFor(trx, sqlite);
        return fn(trx);
      }),
  };
}
