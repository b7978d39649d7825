import { checkOptions, oneOf, type OptionRule, rule } from "../../core/check-options.ts";
import { defaults } from "../../core/defaults.ts";
import { type Duration, parseDuration } from "../../core/duration.ts";
import { HoldfastError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { TransactOptions } from "../contract/transact.ts";
import type { Storage } from "../contract/storage.ts";
import { createAdmitStore } from "./admit.ts";
import { createAuditStore } from "./audit.ts";
import { createClaimStore } from "./claim.ts";
import { openConnection } from "./connection.ts";
import { createControlStore } from "./control.ts";
import { createEnqueueStore } from "./enqueue.ts";
import type { SqliteLibrary } from "./engine/load-sqlite.ts";
import type { SqliteTransaction } from "./engine/open-transaction.ts";
import { createHealthStore } from "./health.ts";
import { createInspectStore } from "./inspect.ts";
import { createLimitStore } from "./limit.ts";
import { createLogStore } from "./log.ts";
import { createMaintainStore } from "./maintain.ts";
import { createOperateStore } from "./operate.ts";
import { createPresenceStore } from "./presence.ts";
import { createScheduleStore } from "./schedule.ts";
import { createSchemaStore } from "./schema.ts";
import { createSearchStore } from "./search.ts";
import { createSettleStore } from "./settle.ts";
import { createTransactions } from "./transact.ts";
import { createTransferStore } from "./transfer.ts";
import { createStatsStore } from "./stats.ts";
import { createTurnStore } from "./turn.ts";
import { createWakeupStore } from "./wakeup.ts";

/** Where the jobs are, and how long application code may hold the one writer. */
export interface SqliteStorageOptions {
  /** A file on a local disk, or `":memory:"` for jobs that end with the process. */
  readonly path: string;
  /** Told when another process holds the file for long. */
  readonly logger?: Logger;
  /** The longest a transaction of application code may take; default `"5s"`. */
  readonly maxHold?: Duration;
  /** Whether to make the file when there is none; default true. */
  readonly create?: boolean;
  /**
   * The SQLite library to use in place of Node's own: the one the application itself opens this file with, so that its handles can be
   * given as `tx`. It needs Node 22 or newer.
   */
  readonly library?: SqliteLibrary;
}

/** Jobs in a SQLite file, or in memory. */
export interface SqliteStorage extends Storage {
  readonly kind: "sqlite";
  transact<Value>(
    fn: (tx: SqliteTransaction) => Promise<Value>,
    options?: TransactOptions,
  ): Promise<Value>;
}

const rules: Readonly<Record<string, OptionRule>> = {
  path: {
    is: 'the path of a file, or ":memory:"',
    test: (value) => typeof value === "string" && value !== "" && !value.includes("\0"),
  },
  logger: rule.object,
  maxHold: rule.any,
  create: rule.boolean,
  library: oneOf("better-sqlite3"),
};

/**
 * Opens a SQLite file for jobs, with connections of Holdfast's own; any number of processes may do so at once.
 * The file is switched to WAL mode, and gets company: `-wal` and `-shm` from SQLite, `-wake` and `-beats` from Holdfast.
 * In this process, open the same file only with the same library (`node:sqlite`; on Node 20 `@photostructure/sqlite`; or what
 * `library` says): a second copy of SQLite beside it undoes its file locks, and writes are lost.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `DRIVER_MISSING`, `STORAGE_UNAVAILABLE` for a path that cannot be opened,
 * `STORAGE_READ_ONLY`, `STORAGE_INVALID` for a file that is no database, `STORAGE_BUSY`.
 * @example
 * ```ts
 * const storage = await sqliteStorage({ path: "jobs.db" });
 * await storage.migrate();
 * ```
 */
export async function sqliteStorage(options: SqliteStorageOptions): Promise<SqliteStorage> {
  checkOptions("sqliteStorage", options, rules);
  if (options.path === undefined) {
    throw new HoldfastError("INVALID_OPTION", 'sqliteStorage needs a path: a file, or ":memory:".');
  }
  const maxHoldMs = parseDuration(options.maxHold ?? defaults.maxHoldMs, "maxHold");
  const connection = await openConnection({
    path: options.path,
    create: options.create ?? true,
    logger: options.logger,
    library: options.library,
  });
  const transactions = createTransactions(connection, maxHoldMs);
  const { stopListening, ...wakeups } = createWakeupStore(connection);
  const claims = createClaimStore(connection);
  return {
    kind: "sqlite",
    ...createSchemaStore(connection),
    ...transactions.store,
    ...createEnqueueStore(connection, transactions, wakeups.wake),
    ...claims,
    ...createSettleStore(connection, transactions),
    ...createTurnStore(connection, claims),
    ...createAdmitStore(connection),
    ...createMaintainStore(connection),
    ...createPresenceStore(connection),
    ...createInspectStore(connection),
    ...createSearchStore(connection),
    ...createLogStore(connection),
    ...createControlStore(connection, wakeups.wake),
    ...createTransferStore(connection),
    ...createLimitStore(connection, transactions),
    ...createOperateStore(connection),
    ...createAuditStore(connection),
    ...createScheduleStore(connection, wakeups.wake),
    ...createStatsStore(connection),
    ...wakeups,
    ...createHealthStore(connection),
    async serverTime() {
      connection.assertOpen();
      return Date.now();
    },
    async close() {
      stopListening();
      await connection.close();
    },
  };
}
