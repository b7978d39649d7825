import { HoldfastError } from "../../core/errors.ts";
import type { Migration, SchemaStatus, SchemaStore } from "../contract/schema.ts";
import { type AppliedMigration, judgeSchema, refuseUnknownSteps } from "../shared/migrator.ts";
import type { Connection } from "./connection.ts";
import { dropStatements } from "./engine/drop-statements.ts";
import type { Query } from "./engine/session.ts";

/**
 * Looks into the catalogue itself: `to_regclass` may answer from a connection's cache, which waiting for the lock below does not
 * bring up to date.
 */
const serverStatement = `SELECT current_setting('server_version_num') AS version, EXISTS (
    SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = 'migration') AS present`;

/** Whether a schema is ours to remove and holds nothing. `public` is nobody's to remove. */
const removableStatement = `SELECT n.nspname <> 'public' AND pg_has_role(n.nspowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid) AS removable
  FROM pg_catalog.pg_namespace n WHERE n.nspname = $1`;

const oldestServer = 140_000;

/** Brings a schema up to the code. */
export function createSchemaStore(
  connection: Connection,
  migrations: readonly Migration[],
): SchemaStore {
  const { schema } = connection;
  const name = schema.replaceAll('"', "");

  async function statusBy(query: Query): Promise<SchemaStatus> {
    const [server] = await query<{ version: string; present: boolean }>(serverStatement, [name]);
    refuseOldServer(Number(server?.version));
    const applied = server?.present === true ? await appliedBy(query, schema) : [];
    return judgeSchema(applied, migrations);
  }

  const lockSchema = (query: Query) =>
    query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`holdfast ${schema}`]);

  async function applyPending(query: Query): Promise<readonly Migration[]> {
    await lockSchema(query);
    // Read again under the lock: another process may have been faster.
    const { pending } = await statusBy(query);
    for (const migration of pending) await query(migration.sql);
    return pending;
  }

  /** The schema itself only where that is certain to work: a statement that fails would undo the rest. */
  async function drop(query: Query): Promise<void> {
    await lockSchema(query);
    refuseUnknownSteps(await statusBy(query));
    for (const statement of dropStatements(schema, migrations)) await query(statement);
    const [row] = await query<{ removable: boolean }>(removableStatement, [name]);
    if (row?.removable === true) await query(`DROP SCHEMA ${schema}`);
  }

  return {
    dropSchema: () => connection.atomically(drop),
    schemaStatus: () => statusBy(connection.read),
    async migrate() {
      const { pending } = await statusBy(connection.read);
      return pending.length === 0 ? [] : connection.atomically(applyPending, "30s");
    },
  };
}

async function appliedBy(query: Query, schema: string): Promise<readonly AppliedMigration[]> {
  return query<AppliedMigration>(
    `SELECT id, name, checksum, min_code AS "minCode" FROM ${schema}.migration ORDER BY id`,
  );
}

function refuseOldServer(version: number): void {
  if (version >= oldestServer) return;
  throw new HoldfastError(
    "STORAGE_INVALID",
    `Holdfast needs PostgreSQL 14 or newer; this server is ${Math.floor(version / 10_000)}. Upgrade the server.`,
    { details: { version } },
  );
}
