import { HoldfastError } from "../../core/errors.ts";
import type { TransactionOpener } from "../../core/transaction.ts";
import { noTransaction } from "./refusal.ts";
import { hasMethods, isShaped } from "./shape.ts";

const entityKind = Symbol.for("drizzle:entityKind");

/** What a transaction of Drizzle runs on: the client of its driver. */
export function drizzleTransaction(tx: object): object | undefined {
  if (!isDrizzle(tx)) return undefined;
  const session = (tx as { readonly session?: unknown }).session;
  const client = isShaped(session) ? session["client"] : undefined;
  if (isShaped(client)) return client;
  throw noTransaction(
    "of a Drizzle driver that Holdfast does not know",
    "asTransaction({ query }) with a query function of that driver",
  );
}

function isDrizzle(tx: object): boolean {
  return (
    hasMethods(tx, "transaction") && isShaped(tx["constructor"]) && entityKind in tx["constructor"]
  );
}

/** The part of a Drizzle database that opens transactions. */
export interface DrizzleDatabase<Tx extends object> {
  transaction<Value>(fn: (tx: Tx) => Promise<Value>): Promise<Value>;
}

/**
 * Transactions of Drizzle on `node-postgres` or postgres.js, for `using`: `fn` gets Drizzle's `tx`.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for one whose transactions are synchronous, as on better-sqlite3: no job can be
 * enqueued in them.
 * @example
 * ```ts
 * import { drizzle } from "holdfast/orm";
 * import { drizzle as connect } from "drizzle-orm/node-postgres";
 * import { sql } from "drizzle-orm";
 *
 * const db = connect({ client: pool });
 * await client.transaction(
 *   async (tx) => {
 *     await tx.execute(sql`INSERT INTO orders (id) VALUES (${orderId})`);
 *     await client.enqueue(sendReceipt, { orderId }, { tx });
 *   },
 *   { using: drizzle(db) },
 * );
 * ```
 */
export function drizzle<Tx extends object>(db: DrizzleDatabase<Tx>): TransactionOpener<Tx> {
  if (Reflect.get(db, "resultKind") === "sync") throw synchronous();
  return { open: (fn) => db.transaction(fn) };
}

function synchronous(): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    "Drizzle's transactions on this SQLite driver are synchronous, and enqueue is not. Use client.transaction without using, or BEGIN IMMEDIATE and COMMIT on the handle and pass { tx: handle }.",
  );
}
