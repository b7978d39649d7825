import { HoldfastError } from "../../../core/errors.ts";
import type { Connection } from "../connection.ts";
import { isOutsideTransaction, storageError } from "../sql-errors.ts";
import type { PgClient } from "./pg-shapes.ts";
import type { Query } from "./session.ts";

/** Ways into transactions that belong to the caller. */
export interface CallerTransactions {
  /**
   * Runs statements inside the caller's open transaction, one such call at a time per connection.
   *
   * @throws {HoldfastError} `INVALID_OPTION` for what is no client, a pool, or a client without an open transaction.
   */
  inside<Value>(tx: object, work: (query: Query) => Promise<Value>): Promise<Value>;
  /** True for a transaction handed out by ourselves. */
  isOwn(tx: object): boolean;
}

/** Checks and serves the `tx` of callers; `isOpen` knows those handed out by ourselves. */
export function createCallerTransactions(
  connection: Connection,
  isOpen: (tx: object) => boolean,
): CallerTransactions {
  const lastOf = new WeakMap<object, Promise<unknown>>();
  return {
    isOwn: isOpen,
    inside(tx, work) {
      const client = clientOf(tx);
      const enter = async () => {
        const query = queryOf(client);
        if (!isOpen(tx)) connection.assertOpen();
        if (!isOpen(tx) && !saysItIsOpen(tx)) await requireOpen(client, connection.schema);
        return work(query);
      };
      // Statements of two enqueues must not mix between the savepoints of one.
      const done = (lastOf.get(tx) ?? Promise.resolve()).then(enter, enter);
      lastOf.set(tx, done);
      return done;
    },
  };
}

function clientOf(tx: object): PgClient {
  if ("totalCount" in tx && "idleCount" in tx) {
    throw notOne(
      "it is a pool, which runs each statement on any connection. Pass a client from pool.connect() after BEGIN",
    );
  }
  if (!("query" in tx) || typeof tx.query !== "function") {
    throw notOne(
      "it is of no library that Holdfast knows. Pass the transaction of pg, postgres.js, Drizzle, Kysely, Knex, TypeORM, Sequelize, MikroORM or Prisma, or asTransaction({ query }) of any other",
    );
  }
  return tx as PgClient;
}

/** Newer versions of `pg` know; an older one, or one whose BEGIN is still on its way, is asked by a statement. */
function saysItIsOpen(tx: object): boolean {
  const { getTransactionStatus: status } = tx as { getTransactionStatus?: () => unknown };
  return typeof status === "function" && status.call(tx) === "T";
}

/**
 * LOCK TABLE is refused outside a transaction by definition, whatever the protocol or pooler; inside one it takes the
 * lock the INSERT takes anyway: the parent's alone, for a lock on a child keeps it from being truncated.
 */
async function requireOpen(client: PgClient, schema: string): Promise<void> {
  try {
    const result: unknown = await client.query(
      `LOCK TABLE ONLY ${schema}.live IN ROW EXCLUSIVE MODE`,
    );
    if (!Array.isArray(memberOf(result, "rows"))) throw otherShape();
  } catch (error) {
    throw isOutsideTransaction(error)
      ? notOne(
          "it is not in one. Send BEGIN first, and pass what sends the statements after it",
          error,
        )
      : storageError(error);
  }
}

function queryOf(client: PgClient): Query {
  return async <Row>(sql: string, params?: readonly unknown[]) => {
    let result: unknown;
    try {
      result = await client.query(sql, params as unknown[] | undefined);
    } catch (error) {
      throw storageError(error);
    }
    const rows = memberOf(result, "rows");
    if (!Array.isArray(rows)) throw otherShape();
    return rows as readonly Row[];
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Some libraries have a query function of another shape. */
function otherShape(): HoldfastError {
  return notOne(
    "its query function does not answer with rows as pg's does. Pass the pg client below it, or asTransaction({ query })",
  );
}

function notOne(why: string, cause?: unknown): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `tx must be an open transaction of this database, but ${why}.`,
    cause === undefined ? {} : { cause },
  );
}
