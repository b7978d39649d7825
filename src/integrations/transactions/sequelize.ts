import type { TransactionOpener } from "../../core/transaction.ts";
import { asTransaction } from "./as-transaction.ts";
import { unwrapped } from "./driver-error.ts";
import { noTransaction } from "./refusal.ts";
import { hasMethods, isShaped } from "./shape.ts";

interface SequelizeTransaction {
  readonly sequelize: {
    query(sql: string, options: object): Promise<readonly [readonly unknown[], unknown]>;
  };
}

/** The transaction of Sequelize 6. */
export function sequelizeTransaction(tx: object): object | undefined {
  if (hasMethods(tx, "transaction", "query", "define", "authenticate")) {
    throw noTransaction(
      "Sequelize itself",
      "the transaction that sequelize.transaction(async (transaction) => ...) gives its function",
    );
  }
  if (!hasMethods(tx, "commit", "rollback", "afterCommit") || !isShaped(tx["sequelize"])) {
    return undefined;
  }
  const transaction = tx as unknown as SequelizeTransaction;
  return asTransaction({
    async query(sql, params) {
      // Without parameters the text is left alone.
      const bind = params.length === 0 ? {} : { bind: params };
      const options = { ...bind, transaction, raw: true };
      const [rows] = await transaction.sequelize.query(sql, options).catch(unwrapped);
      return { rows };
    },
  });
}

/** The part of Sequelize that opens transactions. */
export interface SequelizeDatabase<Tx extends object> {
  transaction(): Promise<Tx>;
}

/**
 * Transactions of Sequelize, for `using`: `fn` gets Sequelize's `Transaction`, to be passed on to each query.
 *
 * @example
 * ```ts
 * import { sequelize } from "holdfast/orm";
 * import { Sequelize } from "sequelize";
 *
 * const db = new Sequelize("postgres://localhost/app");
 * await client.transaction(
 *   async (transaction) => {
 *     await db.query("INSERT INTO orders (id) VALUES ($1)", { bind: [orderId], transaction });
 *     await client.enqueue(sendReceipt, { orderId }, { tx: transaction });
 *   },
 *   { using: sequelize(db) },
 * );
 * ```
 */
export function sequelize<Tx extends object>(db: SequelizeDatabase<Tx>): TransactionOpener<Tx> {
  const source = db as unknown as {
    transaction<Value>(fn: (transaction: Tx) => Promise<Value>): Promise<Value>;
  };
  return { open: (fn) => source.transaction(fn) };
}
