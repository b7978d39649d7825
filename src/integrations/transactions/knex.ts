import type { TransactionOpener } from "../../core/transaction.ts";
import { asTransaction } from "./as-transaction.ts";
import { noTransaction } from "./refusal.ts";
import { hasMethods, isShaped } from "./shape.ts";

interface KnexTransaction {
  readonly client: { readonly dialect: string; acquireConnection(): Promise<object> };
  raw(sql: string, bindings?: readonly unknown[]): Promise<unknown>;
  isCompleted(): boolean;
}

/** The transaction of Knex: its `trx`. On SQLite it stands for the handle of its connection. */
export function knexTransaction(tx: object): object | Promise<object> | undefined {
  if (typeof tx !== "function" || !hasMethods(tx, "raw", "transaction", "queryBuilder")) {
    return undefined;
  }
  if (tx["isTransaction"] !== true) {
    throw noTransaction(
      "knex outside a transaction",
      "the trx that knex.transaction(async (trx) => ...) gives its function",
    );
  }
  const trx = tx as unknown as KnexTransaction;
  if (trx.isCompleted()) {
    throw noTransaction("a Knex transaction that is over", "one that is open");
  }
  if (/sqlite/.test(trx.client.dialect)) return trx.client.acquireConnection();
  return asTransaction({
    query: async (sql, params) => ({ rows: rowsOf(await run(trx, sql, params)) }),
  });
}

/** Knex counts its bindings by question marks, in the order they stand in the text. */
function run(trx: KnexTransaction, sql: string, params: readonly unknown[]): Promise<unknown> {
  const bindings: unknown[] = [];
  const text = sql.replaceAll(/\?|\$(\d+)/g, (found, number: string | undefined) => {
    if (number === undefined) return `\\${found}`;
    bindings.push(params[Number(number) - 1]);
    return "?";
  });
  return trx.raw(text, bindings);
}

function rowsOf(answer: unknown): readonly unknown[] {
  return (isShaped(answer) ? answer["rows"] : undefined) as readonly unknown[];
}

/** The part of Knex that opens transactions. */
export interface KnexDatabase<Tx extends object> {
  transactionProvider(): () => Promise<Tx>;
}

/**
 * Transactions of Knex, for `using`: `fn` gets Knex's `trx`.
 *
 * @example
 * ```ts
 * import { knex } from "holdfast/orm";
 * import connect from "knex";
 *
 * const db = connect({ client: "pg", connection: "postgres://localhost/app" });
 * await client.transaction(
 *   async (trx) => {
 *     await trx("orders").insert({ id: orderId });
 *     await client.enqueue(sendReceipt, { orderId }, { tx: trx });
 *   },
 *   { using: knex(db) },
 * );
 * ```
 */
export function knex<Tx extends object>(db: KnexDatabase<Tx>): TransactionOpener<Tx> {
  const source = db as unknown as {
    transaction<Value>(fn: (trx: Tx) => Promise<Value>): Promise<Value>;
  };
  return { open: (fn) => source.transaction(fn) };
}
