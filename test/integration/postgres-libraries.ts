import { MikroORM } from "@mikro-orm/postgresql";
import { drizzle as drizzleOnPg } from "drizzle-orm/node-postgres";
import { drizzle as drizzleOnPostgresJs } from "drizzle-orm/postgres-js";
import { sql as drizzleSql } from "drizzle-orm";
import type { TransactionOpener } from "holdfast";
import * as orm from "holdfast/orm";
import createKnex from "knex";
import { CompiledQuery, Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import postgres from "postgres";
import { Sequelize } from "sequelize";
import { DataSource } from "typeorm";
import { prismaLike } from "./prisma-like.ts";

/** A library an application may open its transactions with. */
export interface Library {
  readonly name: string;
  open(url: string): Promise<OpenLibrary>;
}

/** A library that is connected. */
export interface OpenLibrary extends Rest<object> {
  readonly using: TransactionOpener<object>;
}

/** What is done with the object that a library's functions get. */
interface Rest<Tx> {
  /** Runs a statement without parameters inside. */
  run(tx: Tx, sql: string): Promise<unknown>;
  /** What somebody might pass in place of the transaction. */
  readonly outside: object;
  close(): Promise<unknown>;
}

const opened = <Tx extends object>(
  using: TransactionOpener<Tx>,
  rest: Rest<NoInfer<Tx>>,
): OpenLibrary => ({ ...rest, using });

/** `BEGIN` and `COMMIT` by hand, on a connection the opener lends. */
function byHand<Client extends pg.ClientBase>(
  lend: <Value>(use: (client: Client) => Promise<Value>) => Promise<Value>,
): TransactionOpener<Client>["open"] {
  return (fn) =>
    lend(async (client) => {
      await client.query("BEGIN");
      try {
        const value = await fn(client);
        await client.query("COMMIT");
        return value;
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      }
    });
}

/** Without statements of its own on the server, so that it works behind a pooler. */
const quiet = { max: 3, prepare: false, onnotice: () => {} } as const;

export const libraries: readonly Library[] = [
  {
    name: "a pg Client",
    async open(url) {
      const client = new pg.Client(url);
      await client.connect();
      const using = { open: byHand<pg.Client>((use) => use(client)) };
      const run = (tx: pg.Client, text: string) => tx.query(text);
      return opened(using, { run, outside: client, close: () => client.end() });
    },
  },
  {
    name: "a pg PoolClient",
    async open(url) {
      const pool = poolOf(url);
      const open = byHand<pg.PoolClient>(async (use) => {
        const client = await pool.connect();
        return use(client).finally(() => client.release());
      });
      const run = (tx: pg.PoolClient, text: string) => tx.query(text);
      return opened({ open }, { run, outside: pool, close: () => pool.end() });
    },
  },
  {
    name: "postgres.js",
    async open(url) {
      const sql = postgres(url, quiet);
      return opened(orm.postgresJs(sql), {
        run: (tx, text) => tx.unsafe(text),
        outside: sql,
        close: () => sql.end(),
      });
    },
  },
  {
    name: "Drizzle on pg",
    async open(url) {
      const pool = poolOf(url);
      const db = drizzleOnPg({ client: pool });
      return opened(orm.drizzle(db), {
        run: (tx, text) => tx.execute(drizzleSql.raw(text)),
        outside: db,
        close: () => pool.end(),
      });
    },
  },
  {
    name: "Drizzle on postgres.js",
    async open(url) {
      const sql = postgres(url, quiet);
      const db = drizzleOnPostgresJs({ client: sql });
      return opened(orm.drizzle(db), {
        run: (tx, text) => tx.execute(drizzleSql.raw(text)),
        outside: db,
        close: () => sql.end(),
      });
    },
  },
  {
    name: "Kysely",
    async open(url) {
      const dialect = new PostgresDialect({ pool: poolOf(url) });
      const db = new Kysely<Record<string, never>>({ dialect });
      return opened(orm.kysely(db), {
        run: (trx, text) => trx.executeQuery(CompiledQuery.raw(text)),
        outside: db,
        close: () => db.destroy(),
      });
    },
  },
  {
    name: "Knex",
    async open(url) {
      const knex = createKnex({ client: "pg", connection: url, pool: { min: 0, max: 3 } });
      return opened(orm.knex(knex), {
        run: async (trx, text) => void (await trx.raw(text)),
        outside: knex,
        close: () => knex.destroy(),
      });
    },
  },
  {
    name: "TypeORM",
    async open(url) {
      const source = await new DataSource({ type: "postgres", url, poolSize: 3 }).initialize();
      return opened(orm.typeorm(source), {
        run: (manager, text) => manager.query(text),
        outside: source.manager,
        close: () => source.destroy(),
      });
    },
  },
  {
    name: "Sequelize",
    async open(url) {
      const sequelize = new Sequelize(url, { logging: false, pool: { max: 3 } });
      return opened(orm.sequelize(sequelize), {
        run: (transaction, text) => sequelize.query(text, { transaction }),
        outside: sequelize,
        close: () => sequelize.close(),
      });
    },
  },
  {
    name: "MikroORM",
    async open(url) {
      const discovery = { warnWhenNoEntities: false };
      const mikro = await MikroORM.init({ clientUrl: url, discovery, pool: { min: 0, max: 3 } });
      return opened(orm.mikroOrm(mikro), {
        run: (em, text) => em.execute(text),
        outside: mikro.em,
        close: () => mikro.close(),
      });
    },
  },
  {
    name: "what looks like Prisma",
    async open(url) {
      const pool = poolOf(url);
      const prisma = prismaLike(pool);
      return opened(orm.prisma(prisma), {
        run: (tx, text) => tx.$queryRawUnsafe(text),
        outside: prisma,
        close: () => pool.end(),
      });
    },
  },
];

function poolOf(url: string): pg.Pool {
  return new pg.Pool({ connectionString: url, max: 3 });
}
