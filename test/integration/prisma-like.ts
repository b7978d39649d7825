import type pg from "pg";

/** The client of one of Prisma's interactive transactions, as its documentation has it. */
export interface PrismaTransaction {
  $queryRawUnsafe<Rows = unknown>(sql: string, ...values: unknown[]): Promise<Rows>;
}

/** The part of a PrismaClient that the tests need, as its documentation has it. */
export interface PrismaLike extends PrismaTransaction {
  $connect(): Promise<void>;
  $disconnect(): Promise<void>;
  $transaction<Value>(
    fn: (tx: PrismaTransaction) => Promise<Value>,
    options?: { readonly maxWait?: number; readonly timeout?: number },
  ): Promise<Value>;
}

/**
 * Behaves as Prisma's documentation says its client does; Prisma itself generates its client with a program it fetches from the
 * internet. Errors of the database come as one of Prisma's, with PostgreSQL's code in `meta`.
 */
export function prismaLike(pool: pg.Pool): PrismaLike {
  const on = (client: pg.Pool | pg.PoolClient): PrismaTransaction => ({
    async $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]) {
      if (values.some((value) => value === undefined || Array.isArray(value))) {
        throw new Error("a value that Prisma takes in another way");
      }
      try {
        return (await client.query(sql, values)).rows as Rows;
      } catch (error) {
        throw Object.assign(new Error("Raw query failed.", { cause: undefined }), {
          code: "P2010",
          meta: { code: (error as { code?: string }).code, message: String(error) },
        });
      }
    },
  });
  return {
    ...on(pool),
    async $connect() {},
    async $disconnect() {},
    async $transaction(fn) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const value = await fn(on(client));
        await client.query("COMMIT");
        return value;
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      } finally {
        client.release();
      }
    },
  };
}
