import { describe, expect, test } from "vitest";
import { coded } from "../../../test/support/coded.ts";
import { asTransaction } from "./as-transaction.ts";
import { beneath } from "./beneath.ts";

interface Queried {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** The transaction beneath, asked. */
async function ask(tx: object, sql: string, params: readonly unknown[] = []): Promise<unknown> {
  const found = (await beneath(tx)) as ReturnType<typeof asTransaction>;
  return (await found.query(sql, params)).rows;
}

function fakeKnex(more: object = {}) {
  const asked: Queried[] = [];
  const trx = Object.assign(() => {}, {
    isTransaction: true,
    client: { dialect: "postgresql" },
    transaction() {},
    queryBuilder() {},
    isCompleted: () => false,
    async raw(sql: string, params: readonly unknown[]) {
      asked.push({ sql, params });
      return { rows: [{ n: 1 }] };
    },
    ...more,
  });
  return { trx, asked };
}

test("what no library made is given back as it is", async () => {
  for (const tx of [{}, [], { query: async () => ({ rows: [] }) }, () => {}]) {
    expect(await beneath(tx)).toBe(tx);
  }
});

test("the same transaction is always the same object beneath", async () => {
  const { trx } = fakeKnex();
  expect(await beneath(trx)).toBe(await beneath(trx));
  expect(await beneath(trx)).not.toBe(await beneath(fakeKnex().trx));
});

describe("asTransaction", () => {
  test("hands arrays on as text and keeps what every library can take", async () => {
    let given: readonly unknown[] = [];
    const tx = asTransaction({
      async query(_sql, params) {
        given = params;
        return { rows: [] };
      },
    });
    const list = ['a"b', "c\\d", "e,f", "", 7, null];
    await tx.query("", [list, [], undefined, "text", 1.5, true]);
    expect(given).toEqual([`{"a\\"b","c\\\\d","e,f","","7",NULL}`, "{}", null, "text", 1.5, true]);
  });

  test("refuses what cannot query", () => {
    for (const wrong of [undefined, null, {}, { query: 7 }]) {
      expect(() => asTransaction(wrong as never)).toThrow(coded("INVALID_OPTION", "{ rows }"));
    }
  });
});

describe("Knex", () => {
  test("gets its bindings in the order they stand, and question marks left alone", async () => {
    const { trx, asked } = fakeKnex();
    expect(await ask(trx, "SELECT $2, '?', $1, $2", ["a", "b"])).toEqual([{ n: 1 }]);
    expect(asked).toEqual([{ sql: String.raw`SELECT ?, '\?', ?, ?`, params: ["b", "a", "b"] }]);
  });

  test("is refused when it is over, and stands for its handle on SQLite", async () => {
    const over = fakeKnex({ isCompleted: () => true }).trx;
    await expect(beneath(over)).rejects.toThrow(coded("INVALID_OPTION", "over"));
    const handle = { prepare() {}, exec() {} };
    const client = { dialect: "sqlite3", acquireConnection: async () => handle };
    expect(await beneath(fakeKnex({ client }).trx)).toBe(handle);
  });
});

describe("Drizzle", () => {
  const entityKind = Symbol.for("drizzle:entityKind");
  class PgTransaction {
    static readonly [entityKind] = "NodePgTransaction";
    readonly session: object;
    constructor(session: object) {
      this.session = session;
    }
    transaction() {}
  }

  test("stands for the client of its driver, whatever that is", async () => {
    const client = { query: async () => ({ rows: [] }) };
    expect(await beneath(new PgTransaction({ client }))).toBe(client);
    const unknown = beneath(new PgTransaction({}));
    await expect(unknown).rejects.toThrow(coded("INVALID_OPTION", "asTransaction"));
  });
});

describe("MikroORM", () => {
  test("is asked each time what it runs on: an EntityManager may begin again", async () => {
    let context: object | undefined;
    const em = { isInTransaction: () => true, getTransactionContext: () => context };
    await expect(beneath(em)).rejects.toThrow(coded("INVALID_OPTION", "outside a transaction"));
    const [first, second] = [fakeKnex().trx, fakeKnex().trx];
    context = first;
    expect(await beneath(em)).toBe(await beneath(first));
    context = second;
    expect(await beneath(em)).toBe(await beneath(second));
  });

  test("itself is refused", async () => {
    const orm = { em: {}, getSchemaGenerator() {}, getMigrator() {} };
    await expect(beneath(orm)).rejects.toThrow(coded("INVALID_OPTION", "MikroORM itself"));
  });
});

describe("TypeORM", () => {
  const handle = { prepare() {}, exec() {} };
  const runner = (isTransactionActive: boolean, type = "postgres") => ({
    isTransactionActive,
    dataSource: { options: { type } },
    startTransaction() {},
    commitTransaction() {},
    connect: async () => handle,
    async query() {
      throw Object.assign(new Error("wrapped"), { driverError: new Error("the driver's") });
    },
  });

  test("its QueryRunner counts while its transaction is open; errors are the driver's own", async () => {
    await expect(ask(runner(true), "")).rejects.toThrow("the driver's");
    await expect(beneath(runner(false))).rejects.toThrow(coded("INVALID_OPTION", "QueryRunner"));
    expect(await beneath(runner(true, "better-sqlite3"))).toBe(handle);
  });

  test("its DataSource is refused", async () => {
    const source = { createQueryRunner() {}, getRepository() {}, initialize() {} };
    await expect(beneath(source)).rejects.toThrow(coded("INVALID_OPTION", "DataSource"));
  });
});

describe("Prisma", () => {
  const failing = (meta: object) => ({
    async $queryRawUnsafe() {
      throw Object.assign(new Error("Raw query failed"), { code: "P2010", meta });
    },
  });

  test.each([
    ["its own engine", { code: "25P01" }],
    ["a driver adapter", { driverAdapterError: { cause: { originalCode: "25P01" } } }],
    ["an unmapped error of one", { driverAdapterError: { cause: { code: "25P01" } } }],
  ])("errors by way of %s have PostgreSQL's code", async (_way, meta) => {
    await expect(ask(failing(meta), "")).rejects.toMatchObject({ code: "25P01" });
  });

  test("an error without one stays as it is", async () => {
    await expect(ask(failing({}), "")).rejects.toMatchObject({ code: "P2010" });
  });
});
