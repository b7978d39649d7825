import type { TransactionOpener } from "../../core/transaction.ts";
import { asTransaction } from "./as-transaction.ts";
import { noTransaction } from "./refusal.ts";
import { hasMethods, isShaped } from "./shape.ts";

interface PrismaTransaction {
  $queryRawUnsafe(sql: string, ...values: readonly unknown[]): Promise<readonly unknown[]>;
}

/** The transaction of Prisma: the client that an interactive `$transaction` gives its function. */
export function prismaTransaction(tx: object): object | undefined {
  if (!hasMethods(tx, "$queryRawUnsafe")) return undefined;
  if (hasMethods(tx, "$connect") || hasMethods(tx, "$disconnect")) {
    throw noTransaction(
      "a PrismaClient outside a transaction",
      "the client that prisma.$transaction(async (tx) => ...) gives its function",
    );
  }
  const own = tx as unknown as PrismaTransaction;
  return asTransaction({
    async query(sql, params) {
      try {
        return { rows: await own.$queryRawUnsafe(sql, ...params) };
      } catch (error) {
        throw withSqlState(error);
      }
    },
  });
}

/** Prisma's codes are its own: PostgreSQL's is further in, elsewhere with each of its engines. */
function withSqlState(error: unknown): unknown {
  const code = sqlStateOf(error);
  if (code === undefined) return error;
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message, { cause: error }), { code });
}

function sqlStateOf(error: unknown): string | undefined {
  const meta = memberOf(error, "meta");
  const cause = memberOf(memberOf(meta, "driverAdapterError"), "cause");
  const found =
    memberOf(cause, "originalCode") ?? memberOf(cause, "code") ?? memberOf(meta, "code");
  return typeof found === "string" ? found : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return isShaped(value) ? value[name] : undefined;
}

/** The part of a Prisma client that opens transactions. */
export interface PrismaDatabase<Tx extends object> {
  $transaction<Value>(fn: (tx: Tx) => Promise<Value>, options?: PrismaOptions): Promise<Value>;
}

/** How long Prisma waits for a transaction to begin, and lets it run; milliseconds, Prisma's defaults 2000 and 5000. */
export interface PrismaOptions {
  readonly maxWait?: number;
  readonly timeout?: number;
}

/**
 * Interactive transactions of Prisma, for `using`: `fn` gets Prisma's client of the transaction.
 *
 * @example
 * ```ts
 * import { prisma } from "holdfast/orm";
 *
 * declare const db: {
 *   $transaction<T>(fn: (tx: { order: { create(order: object): Promise<object> } }) => Promise<T>): Promise<T>;
 * };
 * await client.transaction(
 *   async (tx) => {
 *     await tx.order.create({ data: { id: orderId } });
 *     await client.enqueue(sendReceipt, { orderId }, { tx });
 *   },
 *   { using: prisma(db, { timeout: 10_000 }) },
 * );
 * ```
 */
export function prisma<Tx extends object>(
  client: PrismaDatabase<Tx>,
  options?: PrismaOptions,
): TransactionOpener<Tx> {
  return { open: (fn) => client.$transaction(fn, options) };
}
