import type { MikroORM, SqlEntityManager } from "@mikro-orm/postgresql";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type { Knex } from "knex";
import type { Kysely, Transaction as KyselyTransaction } from "kysely";
import type { Sql, TransactionSql } from "postgres";
import type { Sequelize, Transaction as SequelizeTransaction } from "sequelize";
import type { DataSource, EntityManager } from "typeorm";
import { expectTypeOf, test } from "vitest";
import type { Client } from "../../src/core/client.ts";
import type { JobContext } from "../../src/core/job-context.ts";
import type { Transaction, TransactionOpener } from "../../src/core/transaction.ts";
import * as orm from "../../src/orm.ts";

declare const client: Client;
declare const job: JobContext<string>;
declare const sql: Sql;
declare const onPg: NodePgDatabase<{ tables: never }>;
declare const onPostgresJs: PostgresJsDatabase;
declare const kysely: Kysely<{ orders: { id: number } }>;
declare const knex: Knex;
declare const dataSource: DataSource;
declare const sequelize: Sequelize;
declare const mikroOrm: MikroORM;
interface Prisma {
  $transaction<Promises extends Promise<unknown>[]>(arg: [...Promises]): Promise<unknown>;
  $transaction<Value>(
    fn: (prisma: { order: { create(): Promise<void> } }) => Promise<Value>,
    options?: { maxWait?: number; timeout?: number },
  ): Promise<Value>;
}
declare const prisma: Prisma;

type Opened<Opener> = Opener extends TransactionOpener<infer Tx> ? Tx : never;
type OfDrizzle<Db extends { transaction: (...given: never[]) => unknown }> = Parameters<
  Parameters<Db["transaction"]>[0]
>[0];

test("each opener gives the library's own object", () => {
  const postgresJs = orm.postgresJs(sql);
  expectTypeOf<Opened<typeof postgresJs>>().toEqualTypeOf<TransactionSql>();
  const drizzle = orm.drizzle(onPg);
  expectTypeOf<Opened<typeof drizzle>>().toEqualTypeOf<OfDrizzle<typeof onPg>>();
  const drizzleJs = orm.drizzle(onPostgresJs);
  expectTypeOf<Opened<typeof drizzleJs>>().toEqualTypeOf<OfDrizzle<typeof onPostgresJs>>();
  const kyselyOpener = orm.kysely(kysely);
  expectTypeOf<Opened<typeof kyselyOpener>>().toEqualTypeOf<
    KyselyTransaction<{ orders: { id: number } }>
  >();
  const knexOpener = orm.knex(knex);
  expectTypeOf<Opened<typeof knexOpener>>().toEqualTypeOf<Knex.Transaction>();
  const typeorm = orm.typeorm(dataSource);
  expectTypeOf<Opened<typeof typeorm>>().toEqualTypeOf<EntityManager>();
  const sequelizeOpener = orm.sequelize(sequelize);
  expectTypeOf<Opened<typeof sequelizeOpener>>().toEqualTypeOf<SequelizeTransaction>();
  const mikro = orm.mikroOrm(mikroOrm);
  expectTypeOf<Opened<typeof mikro>>().toExtend<SqlEntityManager>();
  const prismaOpener = orm.prisma(prisma);
  expectTypeOf<Opened<typeof prismaOpener>>().toEqualTypeOf<{
    order: { create(): Promise<void> };
  }>();
});

test("using types the function's tx, and without it that is Holdfast's", async () => {
  await client.transaction(async (tx) => expectTypeOf(tx).toEqualTypeOf<Transaction>());
  const value = await client.transaction(
    async (trx) => {
      expectTypeOf(trx).toEqualTypeOf<KyselyTransaction<{ orders: { id: number } }>>();
      return 7;
    },
    { using: orm.kysely(kysely) },
  );
  expectTypeOf(value).toEqualTypeOf<number>();
  await job.transaction(
    async (manager) => {
      expectTypeOf(manager).toEqualTypeOf<EntityManager>();
      return "result";
    },
    { using: orm.typeorm(dataSource), isolation: "serializable" },
  );
  await job.transaction(async (tx) => {
    expectTypeOf(tx).toEqualTypeOf<Transaction>();
    return "result";
  });
  // @ts-expect-error: the value is the job's result
  await job.transaction(async () => 7, { using: orm.knex(knex) });
  // @ts-expect-error: a library's db opens nothing by itself
  await client.transaction(async () => 7, { using: kysely });
  // @ts-expect-error: a function of another library's object
  await client.transaction(async (_tx: Knex.Transaction) => 7, { using: orm.kysely(kysely) });
  // @ts-expect-error: without using, the function gets Holdfast's transaction
  await client.transaction(async (_tx: Knex.Transaction) => 7);
});
