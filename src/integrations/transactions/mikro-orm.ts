import type { TransactionOpener } from "../../core/transaction.ts";
import { noTransaction } from "./refusal.ts";
import { hasMethods, isShaped } from "./shape.ts";

const em = "the em that orm.em.transactional(async (em) => ...) gives its function";

/** What an EntityManager of MikroORM runs on: the transaction of the query builder below it, Knex or Kysely. */
export function mikroOrmTransaction(tx: object): object | undefined {
  if (!hasMethods(tx, "getTransactionContext", "isInTransaction")) {
    if (hasMethods(tx, "getSchemaGenerator", "getMigrator") || "em" in tx)
      throw noTransaction("MikroORM itself", em);
    return undefined;
  }
  const context = (tx as unknown as { getTransactionContext(): unknown }).getTransactionContext();
  if (isShaped(context)) return context;
  throw noTransaction("a MikroORM EntityManager outside a transaction", em);
}

/** The part of MikroORM that opens transactions. */
export interface MikroOrm<Em extends object> {
  readonly em: Em;
}

interface EntityManager<Em> {
  fork(): { transactional<Value>(fn: (em: Em) => Promise<Value>): Promise<Value> };
}

/**
 * Transactions of MikroORM, for `using`: `fn` gets an EntityManager of its own, whose changes are flushed before the job ends.
 *
 * @example
 * ```ts
 * import { MikroORM } from "@mikro-orm/postgresql";
 * import { mikroOrm } from "holdfast/orm";
 *
 * const orm = await MikroORM.init({ clientUrl: "postgres://localhost/app", entities: [] });
 * await client.transaction(
 *   async (em) => {
 *     await em.execute("INSERT INTO orders (id) VALUES (?)", [orderId]);
 *     await client.enqueue(sendReceipt, { orderId }, { tx: em });
 *   },
 *   { using: mikroOrm(orm) },
 * );
 * ```
 */
export function mikroOrm<Em extends object>(orm: MikroOrm<Em>): TransactionOpener<Em> {
  const { em: manager } = orm as unknown as { readonly em: EntityManager<Em> };
  return {
    open: (fn) => manager.fork().transactional(fn),
    flush: (own) => (own as { flush(): Promise<void> }).flush(),
  };
}
