import type { TransactionOpener } from "../../core/transaction.ts";
import { asTransaction } from "./as-transaction.ts";
import { unwrapped } from "./driver-error.ts";
import { noTransaction } from "./refusal.ts";
import { hasMethods } from "./shape.ts";

interface DataSource {
  readonly options?: { readonly type?: unknown };
}

interface QueryRunner {
  readonly isTransactionActive: boolean;
  /** Before TypeORM 1.0 it is called `connection`. */
  readonly dataSource?: DataSource;
  readonly connection?: DataSource;
  connect(): Promise<object>;
  query(
    sql: string,
    params: readonly unknown[],
    structured: true,
  ): Promise<{ readonly records: readonly unknown[] | undefined }>;
}

const manager =
  "the manager that dataSource.transaction(async (manager) => ...) gives its function";

/** The transaction of TypeORM: an EntityManager or a QueryRunner in one. On SQLite it stands for the handle of its connection. */
export function typeormTransaction(tx: object): object | Promise<object> | undefined {
  if (hasMethods(tx, "createQueryRunner", "getRepository", "initialize")) {
    throw noTransaction("a TypeORM DataSource", manager);
  }
  const isManager = hasMethods(tx, "getRepository", "getTreeRepository", "query");
  const runner = isManager ? tx["queryRunner"] : tx;
  if (isManager && runner === undefined) {
    throw noTransaction("a TypeORM EntityManager outside a transaction", manager);
  }
  if (!isRunner(runner)) return undefined;
  if (!runner.isTransactionActive) {
    throw noTransaction(
      "a TypeORM QueryRunner in no transaction",
      `${manager}, or call startTransaction() first`,
    );
  }
  return /sqlite/.test(typeOf(runner)) ? runner.connect() : beneath(runner);
}

function isRunner(value: unknown): value is QueryRunner {
  return hasMethods(value, "startTransaction", "commitTransaction", "connect", "query");
}

function typeOf(runner: QueryRunner): string {
  return String((runner.dataSource ?? runner.connection)?.options?.type);
}

function beneath(runner: QueryRunner): object {
  return asTransaction({
    async query(sql, params) {
      const { records } = await runner.query(sql, params, true).catch(unwrapped);
      return { rows: records ?? [] };
    },
  });
}

/** The part of a TypeORM DataSource that opens transactions. */
export interface TypeormDataSource<Tx extends object> {
  readonly manager: Tx;
}

/**
 * Transactions of TypeORM, for `using`: `fn` gets TypeORM's EntityManager.
 *
 * @example
 * ```ts
 * import { typeorm } from "holdfast/orm";
 * import { DataSource } from "typeorm";
 *
 * const dataSource = await new DataSource({ type: "postgres", url: "postgres://localhost/app" }).initialize();
 * await client.transaction(
 *   async (manager) => {
 *     await manager.query("INSERT INTO orders (id) VALUES ($1)", [orderId]);
 *     await client.enqueue(sendReceipt, { orderId }, { tx: manager });
 *   },
 *   { using: typeorm(dataSource) },
 * );
 * ```
 */
export function typeorm<Tx extends object>(
  dataSource: TypeormDataSource<Tx>,
): TransactionOpener<Tx> {
  const source = dataSource as unknown as {
    transaction<Value>(fn: (manager: Tx) => Promise<Value>): Promise<Value>;
  };
  return { open: (fn) => source.transaction(fn) };
}
