import { drizzle } from "drizzle-orm/better-sqlite3";
import type { TransactionOpener } from "holdfast";
import * as orm from "holdfast/orm";
import createKnex from "knex";
import { CompiledQuery, Kysely, type SqliteDatabase, SqliteDialect } from "kysely";
import { DataSource } from "typeorm";
import { openHandle, type SqliteHandle } from "../support/sqlite-handle.ts";

/** A library an application may open its transactions with, on a SQLite file. */
export interface SqliteLibrary {
  readonly name: string;
  /** True for those that run on `better-sqlite3`. */
  readonly better: boolean;
  open(file: string): Promise<OpenSqliteLibrary>;
}

/** A library that is connected. */
export interface OpenSqliteLibrary {
  readonly using: TransactionOpener<object>;
  /** What somebody might pass in place of the transaction. */
  readonly outside: object;
  /** Runs a statement without parameters inside. */
  run(tx: object, sql: string): Promise<unknown>;
  close(): Promise<unknown>;
}

type Rest<Tx> = Pick<OpenSqliteLibrary, "outside" | "close"> & {
  run(tx: Tx, sql: string): Promise<unknown>;
};

const opened = <Tx extends object>(
  using: TransactionOpener<Tx>,
  rest: Rest<NoInfer<Tx>>,
): OpenSqliteLibrary => ({ ...rest, using });

/** `BEGIN` and `COMMIT` on the handle; `tx` is what is given to `enqueue`. */
function byHand<Tx extends object>(handle: SqliteHandle, tx: Tx): TransactionOpener<Tx> {
  return {
    async open(fn) {
      handle.exec("BEGIN IMMEDIATE");
      try {
        const value = await fn(tx);
        handle.exec("COMMIT");
        return value;
      } catch (error) {
        handle.exec("ROLLBACK");
        throw error;
      }
    },
  };
}

const handleOn = (better: boolean): SqliteLibrary => ({
  name: better ? "a handle of better-sqlite3" : "a handle of Node's own library",
  better,
  async open(file) {
    const handle = await openHandle(file, better);
    return opened(byHand(handle, handle), {
      run: async (tx, sql) => tx.exec(sql),
      outside: handle,
      close: async () => handle.close(),
    });
  },
});

const kyselyOn = (better: boolean): SqliteLibrary => ({
  name: better ? "Kysely on better-sqlite3" : "Kysely on Node's own library",
  better,
  async open(file) {
    const handle = await openHandle(file, better);
    const dialect = new SqliteDialect({ database: better ? (handle as never) : forKysely(handle) });
    const db = new Kysely<Record<string, never>>({ dialect });
    return opened(orm.kysely(db, { sqlite: handle }), {
      run: (trx, sql) => trx.executeQuery(CompiledQuery.raw(sql)),
      outside: db,
      close: () => db.destroy(),
    });
  },
});

/** Kysely asks a statement whether it gives rows, and hands values over in one list. */
function forKysely(handle: SqliteHandle): SqliteDatabase {
  return {
    close: () => handle.close(),
    prepare(sql) {
      const statement = handle.prepare(sql);
      return {
        reader: /^\s*select|\breturning\b/i.test(sql),
        all: (values) => statement.all(...values),
        run: (values) => statement.run(...values) as never,
        iterate: (values) => statement.all(...values)[Symbol.iterator](),
      };
    },
  };
}

export const sqliteLibraries: readonly SqliteLibrary[] = [
  handleOn(false),
  kyselyOn(false),
  handleOn(true),
  kyselyOn(true),
  {
    name: "Drizzle on better-sqlite3",
    better: true,
    async open(file) {
      const handle = await openHandle(file, true);
      const db = drizzle({ client: handle });
      return opened(byHand(handle, db), {
        run: async (tx, sql) => void tx.run(sql),
        outside: db,
        close: async () => handle.close(),
      });
    },
  },
  {
    name: "Knex on better-sqlite3",
    better: true,
    async open(file) {
      const connection = { filename: file };
      const knex = createKnex({ client: "better-sqlite3", connection, useNullAsDefault: true });
      return opened(orm.knex(knex), {
        run: async (trx, sql) => void (await trx.raw(sql)),
        outside: knex,
        close: () => knex.destroy(),
      });
    },
  },
  {
    name: "TypeORM on better-sqlite3",
    better: true,
    async open(file) {
      const source = await new DataSource({ type: "better-sqlite3", database: file }).initialize();
      return opened(orm.typeorm(source), {
        run: (manager, sql) => manager.query(sql),
        outside: source.manager,
        close: () => source.destroy(),
      });
    },
  },
];
