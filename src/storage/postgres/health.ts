import type {
  ConnectionBudget,
  HealthFacts,
  IdleSlot,
  LiveSpace,
  ServerHealth,
  SnapshotHolder,
} from "../../core/health-facts.ts";
import type { HealthStore } from "../contract/health.ts";
import type { Migration } from "../contract/schema.ts";
import { objectsMadeBy } from "../shared/schema-objects.ts";
import type { Connection } from "./connection.ts";
import { readActivity } from "./engine/activity.ts";
import { pingSelf } from "./engine/self-ping.ts";

/** What the doctor looks at: catalogues and statistics, which every user may read, and never a row of a job but to count it. */
export function createHealthStore(
  connection: Connection,
  migrations: readonly Migration[],
): HealthStore {
  return {
    readHealth: () => readHealth(connection, objectsMadeBy(migrations)),
    async isReadOnly() {
      type Row = { readonly read_only: boolean };
      const [row] = await connection.read<Row>(`SELECT ${readOnly} AS read_only`);
      return row?.read_only === true;
    },
    readActivity: (now, lookAtMost) => readActivity(connection, now, lookAtMost),
    async pingWakeups(withinMs) {
      connection.assertOpen();
      return pingSelf(connection, withinMs);
    },
  };
}

async function readHealth(connection: Connection, needed: readonly string[]): Promise<HealthFacts> {
  const { read, schema } = connection;
  const name = schema.replaceAll('"', "");
  const [server, present, rights] = await Promise.all([
    readServer(connection, name),
    read<{ readonly object: string }>(objectStatement, [name]),
    read<RightsRow>(rightsStatement, [name, needed.map((object) => object.split(" ")[1])]),
  ]);
  const there = new Set(present.map(({ object }) => object));
  const settings = only(server.settings);
  const { lacking, may_migrate: mayMigrate, may_truncate: mayTruncate } = only(rights);
  return {
    writable: settings.read_only ? "read-only" : "yes",
    missing: needed.filter((object) => !there.has(object)),
    lacking,
    mayMigrate,
    server: { ...serverHealth(server), mayTruncate, perProcess: connection.most },
    file: null,
  };
}

/** The row of a statement that always gives one. */
function only<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error("a statement that always gives a row gave none");
  return row;
}

interface SettingsRow {
  readonly read_only: boolean;
  readonly user: string;
  readonly unsafe: readonly string[];
  readonly autovacuum: boolean;
  readonly notify_usage: number;
  readonly connections: readonly ConnectionBudget[];
}

interface RightsRow {
  readonly lacking: readonly string[];
  readonly may_migrate: boolean;
  readonly may_truncate: boolean;
}

interface HolderRow {
  readonly kind: SnapshotHolder["kind"];
  readonly name: string;
  readonly who: string;
  readonly age_ms: number | null;
  readonly transactions: number;
}

interface SlotRow extends Omit<IdleSlot, "bytes"> {
  readonly bytes: string;
}

interface SpaceRow {
  readonly jobs: string;
  readonly dead_rows: string;
  readonly index_bytes: string;
}

interface ServerRows {
  readonly settings: readonly SettingsRow[];
  readonly holders: readonly HolderRow[];
  readonly slots: readonly SlotRow[];
  readonly space: readonly SpaceRow[];
}

async function readServer({ read }: Connection, name: string): Promise<ServerRows> {
  const [settings, holders, slots, space] = await Promise.all([
    read<SettingsRow>(settingsStatement),
    read<HolderRow>(holderStatement),
    read<SlotRow>(slotStatement),
    read<SpaceRow>(spaceStatement, [name]),
  ]);
  return { settings, holders, slots, space };
}

function serverHealth({
  settings,
  holders,
  slots,
  space,
}: ServerRows): Omit<ServerHealth, "mayTruncate" | "perProcess"> {
  const { notify_usage: notifyUsage, ...known } = only(settings);
  const { user, unsafe, autovacuum, connections } = known;
  return {
    user,
    connections,
    unsafe,
    autovacuum,
    notifyUsage,
    snapshots: holders.map(({ age_ms: ageMs, ...holder }) => ({ ...holder, ageMs })),
    idleSlots: slots.map((slot) => ({ ...slot, bytes: Number(slot.bytes) })),
    live: spaceOf(only(space)),
  };
}

function spaceOf(row: SpaceRow): LiveSpace {
  return {
    jobs: Number(row.jobs),
    deadRows: Number(row.dead_rows),
    indexBytes: Number(row.index_bytes),
  };
}

const readOnly = "(pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on')";

/** Counts connections in shared memory. A limit of -1 is none. */
const settingsStatement = `
  WITH used AS (
    SELECT count(*)::integer AS by_all, (count(*) FILTER (WHERE datname = current_database()))::integer AS by_database,
      (count(*) FILTER (WHERE usename = current_user))::integer AS by_role
    FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'
  ), budget("limit", most, used) AS (
    SELECT 'max_connections', current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
      - coalesce(current_setting('reserved_connections', true)::integer, 0), by_all FROM used
    UNION ALL SELECT 'the database ' || datname, datconnlimit, by_database FROM pg_catalog.pg_database, used
      WHERE datname = current_database() AND datconnlimit >= 0
    UNION ALL SELECT 'the role ' || rolname, rolconnlimit, by_role FROM pg_catalog.pg_roles, used
      WHERE rolname = current_user AND rolconnlimit >= 0
  )
  SELECT ${readOnly} AS read_only, current_user::text AS user,
    current_setting('autovacuum') = 'on' AS autovacuum, pg_notification_queue_usage() AS notify_usage,
    array(SELECT name || ' = ' || setting FROM pg_catalog.pg_settings
      WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name) AS unsafe,
    (SELECT json_agg(budget) FROM budget) AS connections`;

/** Of an index only if it is valid, of a trigger only if it is on. The types of tables are among the types, and no harm. */
const objectStatement = `
  WITH space AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
  SELECT CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'S' THEN 'sequence ' WHEN 'i' THEN 'index ' WHEN 'I' THEN 'index ' ELSE 'table ' END
      || c.relname AS object
  FROM pg_catalog.pg_class c JOIN space ON space.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  WHERE c.relkind IN ('r', 'p', 'v', 'S', 'i', 'I') AND coalesce(i.indisvalid, true)
  UNION ALL SELECT 'function ' || p.proname FROM pg_catalog.pg_proc p JOIN space ON space.oid = p.pronamespace
  UNION ALL SELECT 'type ' || t.typname FROM pg_catalog.pg_type t JOIN space ON space.oid = t.typnamespace
  UNION ALL SELECT 'trigger ' || t.tgname FROM pg_catalog.pg_trigger t
    JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN space ON space.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'`;

/** What a user needs of the objects named. The sequence of an identity column is its table's affair. */
const rightsStatement = `
  WITH space AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1), relation AS (
    SELECT c.oid, c.relname, c.relkind FROM pg_catalog.pg_class c JOIN space ON space.oid = c.relnamespace
    WHERE c.relname = ANY ($2) AND c.relkind IN ('r', 'p', 'v', 'S')
  ), wanted(kinds, privilege) AS (
    VALUES ('rpv', 'SELECT'), ('rp', 'INSERT'), ('rp', 'UPDATE'), ('rp', 'DELETE'), ('S', 'USAGE'), ('S', 'SELECT')
  ), lacking AS (
    SELECT 'USAGE on the schema ' || $1 AS what FROM space WHERE NOT has_schema_privilege(space.oid, 'USAGE')
    UNION ALL SELECT privilege || ' on ' || relname FROM relation JOIN wanted ON position(relkind::text IN kinds) > 0
      WHERE (relname <> 'migration' OR privilege = 'SELECT')
        AND NOT CASE WHEN relkind = 'S' THEN has_sequence_privilege(oid, privilege) ELSE has_table_privilege(oid, privilege) END
    UNION ALL SELECT 'EXECUTE on ' || p.proname FROM pg_catalog.pg_proc p JOIN space ON space.oid = p.pronamespace
      WHERE p.proname = ANY ($2) AND NOT has_function_privilege(p.oid, 'EXECUTE')
  )
  SELECT array(SELECT what FROM lacking ORDER BY what) AS lacking,
    coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM space),
      has_database_privilege(current_database(), 'CREATE')) AS may_migrate,
    NOT EXISTS (SELECT FROM relation WHERE relname ~ '^live_[0-9]+$' AND NOT has_table_privilege(oid, 'TRUNCATE')) AS may_truncate`;

/**
 * Those whose snapshot or transaction number holds back what vacuum may remove here: of other databases only standbys do. What
 * they run is left out, as it may hold secrets.
 */
const holderStatement = `
  SELECT * FROM (
    SELECT 'session' AS kind, pid::text AS name,
      concat_ws(', ', nullif(application_name, ''), 'user ' || usename, state) AS who,
      (extract(epoch FROM clock_timestamp() - xact_start) * 1000)::float8 AS age_ms,
      greatest(age(backend_xmin), age(backend_xid)) AS transactions
    FROM pg_catalog.pg_stat_activity
    WHERE (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) AND pid <> pg_backend_pid()
      AND (datname = current_database() OR backend_type = 'walsender') AND backend_type <> 'autovacuum worker'
    UNION ALL SELECT 'prepared transaction', gid, 'user ' || owner,
      (extract(epoch FROM clock_timestamp() - prepared) * 1000)::float8, age(transaction)
    FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()
  ) AS holder
  ORDER BY transactions DESC LIMIT 20`;

const slotStatement = `
  SELECT slot_name::text AS name, (xmin IS NOT NULL) AS pins, coalesce(pg_wal_lsn_diff(
      CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, restart_lsn), 0)::text AS bytes
  FROM pg_catalog.pg_replication_slots
  WHERE NOT active AND (restart_lsn IS NOT NULL OR xmin IS NOT NULL OR catalog_xmin IS NOT NULL)
  ORDER BY 1 LIMIT 20`;

/** As the statistics have it, which lag by seconds; sizes are those of the files. */
const spaceStatement = `
  SELECT coalesce(sum(n_live_tup), 0)::text AS jobs, coalesce(sum(n_dead_tup), 0)::text AS dead_rows,
    coalesce(sum(pg_indexes_size(relid)), 0)::text AS index_bytes
  FROM pg_catalog.pg_stat_all_tables WHERE schemaname = $1 AND relname ~ '^live_[0-9]+$'`;
