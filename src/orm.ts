/** Transactions that the application's own library opens, for `client.transaction` and `job.transaction`. */
export { drizzle, type DrizzleDatabase } from "./integrations/transactions/drizzle.ts";
export { knex, type KnexDatabase } from "./integrations/transactions/knex.ts";
export {
  kysely,
  type KyselyDatabase,
  type KyselyOptions,
} from "./integrations/transactions/kysely.ts";
export { mikroOrm, type MikroOrm } from "./integrations/transactions/mikro-orm.ts";
export { postgresJs, type PostgresJs } from "./integrations/transactions/postgres-js.ts";
export {
  prisma,
  type PrismaDatabase,
  type PrismaOptions,
} from "./integrations/transactions/prisma.ts";
export { sequelize, type SequelizeDatabase } from "./integrations/transactions/sequelize.ts";
export { typeorm, type TypeormDataSource } from "./integrations/transactions/typeorm.ts";
