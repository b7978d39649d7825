import type { Migration, SchemaStatus, SchemaStore } from "../contract/schema.ts";
import { type AppliedMigration, judgeSchema, refuseUnknownSteps } from "../shared/migrator.ts";
import type { Connection } from "./connection.ts";
import type { Session } from "./engine/session.ts";
import { migrations } from "./migrations/index.ts";

/** Brings a SQLite file's schema up to the code. */
export function createSchemaStore(connection: Connection): SchemaStore {
  return {
    dropSchema: () => connection.write(drop),
    schemaStatus: () => connection.read(statusOf),
    async migrate() {
      const before = await connection.read(statusOf);
      return before.pending.length === 0 ? [] : connection.write(applyPending);
    },
  };
}

/** Read again under the writer's lock: another process may have been faster. */
function applyPending(session: Session): readonly Migration[] {
  const { pending } = statusOf(session);
  for (const migration of pending) session.handle.exec(migration.sql);
  return pending;
}

/** What the steps make, by the names they give it; indexes go with their tables, triggers too. */
function drop(session: Session): void {
  refuseUnknownSteps(statusOf(session));
  const sql = migrations.map((step) => step.sql).join("\n");
  for (const kind of ["VIEW", "TABLE"]) {
    const made = sql.matchAll(new RegExp(`^ *CREATE ${kind} (holdfast_\\w+)`, "gm"));
    const names = new Set([...made].map(([, name]) => name));
    for (const name of names) session.handle.exec(`DROP ${kind} IF EXISTS ${name}`);
  }
}

function statusOf(session: Session): SchemaStatus {
  const exists = session.get("SELECT 1 FROM sqlite_schema WHERE name = 'holdfast_migration'");
  return judgeSchema(exists === undefined ? [] : appliedOf(session), migrations);
}

function appliedOf(session: Session): readonly AppliedMigration[] {
  return session.all<AppliedMigration>(
    "SELECT id, name, checksum, min_code AS minCode FROM holdfast_migration ORDER BY id",
  );
}
