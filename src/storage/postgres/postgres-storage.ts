import { checkOptions, isWhole, type OptionRule, rule } from "../../core/check-options.ts";
import { HoldfastError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { Storage } from "../contract/storage.ts";
import { createAdmitStore } from "./admit.ts";
import { createAuditStore } from "./audit.ts";
import { createClaimStore } from "./claim.ts";
import { openConnection } from "./connection.ts";
import { createControlStore } from "./control.ts";
import { createCallerTransactions } from "./engine/caller-transaction.ts";
import { createDoubtfulSettlements } from "./engine/doubtful-settlements.ts";
import { createFollowUp } from "./engine/follow-up.ts";
import { createLostClaims } from "./engine/lost-claims.ts";
import type { PostgresPool } from "./engine/pg-shapes.ts";
import type { PoolSource } from "./engine/pools.ts";
import { createEnqueueStore, createInsertAnnounced } from "./enqueue.ts";
import { createHealthStore } from "./health.ts";
import { createInspectStore } from "./inspect.ts";
import { createLimitStore } from "./limit.ts";
import { createLogStore } from "./log.ts";
import { createMaintainStore } from "./maintain.ts";
import { migrationsFor } from "./migrations/index.ts";
import { createOperateStore } from "./operate.ts";
import { createPresenceStore } from "./presence.ts";
import { createScheduleStore } from "./schedule.ts";
import { createSchemaStore } from "./schema.ts";
import { createSearchStore } from "./search.ts";
import { createSettleStore } from "./settle.ts";
import { createTransactions, createTransactStore } from "./transact.ts";
import { createTransferStore } from "./transfer.ts";
import { createStatsStore } from "./stats.ts";
import { createTurnStore } from "./turn.ts";
import { createWakeupStore } from "./wakeup.ts";

interface CommonOptions {
  /** The schema Holdfast's tables are in; default `"holdfast"`. */
  readonly schema?: string;
  /**
   * Where to LISTEN: the URL of a direct connection where `url` or `pool` leads through a pooler, which cannot; `false` switches it
   * off. Default the way everything else goes.
   */
  readonly listen?: string | false;
  /** Told when the given pool cannot be opened a second time, and of lost connections. */
  readonly logger?: Logger;
}

/** Where the jobs are: a URL, or the application's own `pg.Pool`. */
export type PostgresStorageOptions =
  | (CommonOptions & {
      /** `postgres://user:password@host:5432/database`, as `pg` takes it. */
      readonly url: string;
      /** The most connections for transactions of application code; default 10. Holdfast's own work has 4 more. */
      readonly connections?: number;
    })
  | (CommonOptions & {
      /** Lends its connections to `transact`; Holdfast's own work opens 4 more with the same options. */
      readonly pool: PostgresPool;
    });

const rules: Readonly<Record<string, OptionRule>> = {
  url: { is: "a URL", test: (value) => typeof value === "string" },
  pool: { is: "a pg.Pool", test: isPool },
  connections: { is: "a whole number from 1 to 1000", test: (value) => isWhole(value, 1, 1_000) },
  schema: {
    is: "a name of letters, digits and underscores, at most 63, that begins neither with a digit nor with pg_",
    test: (value) => typeof value === "string" && /^(?!pg_)[A-Za-z_]\w{0,62}$/.test(value),
  },
  listen: {
    is: "a URL such as postgres://user:password@host:5432/database, or false",
    test: (value) => value === false || typeof value === "string",
  },
  logger: rule.object,
};

/**
 * Keeps jobs in a schema of a PostgreSQL database, 14 or newer; works behind a transaction pooler.
 * Opening it changes nothing in the database: `migrate()` makes the tables.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `DRIVER_MISSING`.
 * @example
 * ```ts
 * const storage = await postgresStorage({ url: "postgres://localhost/app" });
 * await storage.migrate();
 * ```
 */
export async function postgresStorage(options: PostgresStorageOptions): Promise<Storage> {
  checkOptions("postgresStorage", options, rules);
  const { schema = "holdfast", logger, listen } = options;
  const connection = await openConnection({ source: sourceOf(options), schema, logger, listen });
  const migrations = migrationsFor(schema);
  const transactions = createTransactions(connection);
  const callers = createCallerTransactions(connection, transactions.isOpen);
  const { stopListening, announcements, ...wakeups } = createWakeupStore(connection);
  const lost = createLostClaims(connection);
  const doubtful = createDoubtfulSettlements(connection.read, connection.schema);
  const settlements = createSettleStore(connection, callers, doubtful);
  const admission = createAdmitStore(connection);
  const followUp = createFollowUp(connection, admission.admitJobs, wakeups.wake);
  return {
    kind: "postgres",
    ...createSchemaStore(connection, migrations),
    ...createTransactStore(transactions, callers),
    ...createEnqueueStore(connection, callers, announcements),
    ...createClaimStore(connection, lost),
    ...settlements,
    ...createTurnStore({ connection, lost, doubtful, settleJobs: settlements.settleJobs }),
    ...admission,
    ...createMaintainStore(connection),
    ...createPresenceStore(connection),
    ...createInspectStore(connection),
    ...createSearchStore(connection),
    ...createLogStore(connection),
    ...createControlStore(connection, followUp),
    ...createTransferStore(connection),
    ...createLimitStore(connection),
    ...createOperateStore(connection, followUp),
    ...createAuditStore(connection),
    ...createScheduleStore(connection, createInsertAnnounced(connection, announcements)),
    ...createStatsStore(connection),
    ...wakeups,
    ...createHealthStore(connection, migrations),
    async serverTime() {
      const [row] = await connection.read<{ readonly ms: string }>(
        "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::text AS ms",
      );
      return Number(row?.ms);
    },
    async close() {
      await stopListening();
      await connection.close();
    },
  };
}

function sourceOf(options: PostgresStorageOptions): PoolSource {
  const { url, pool, connections }: { [Name in "url" | "pool" | "connections"]?: unknown } =
    options;
  if ((url === undefined) === (pool === undefined)) {
    throw new HoldfastError("INVALID_OPTION", "postgresStorage takes either a url or a pool.");
  }
  if (pool !== undefined && connections !== undefined) {
    throw new HoldfastError(
      "INVALID_OPTION",
      "connections goes with a url; a pool that is given has its own max.",
      { details: { option: "connections" } },
    );
  }
  if (pool !== undefined) return { pool: pool as PostgresPool };
  if (!/^postgres(ql)?:\/\/./.test(url as string)) {
    // Not quoted: it may hold a password.
    throw new HoldfastError(
      "INVALID_OPTION",
      "postgresStorage: url must look like postgres://user:password@host:5432/database.",
      { details: { option: "url" } },
    );
  }
  const given = { url: url as string };
  return connections === undefined ? given : { ...given, connections: connections as number };
}

function isPool(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    ["connect", "on", "off"].every((name) => typeof Reflect.get(value, name) === "function")
  );
}
