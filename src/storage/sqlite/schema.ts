import type { Migration, SchemaStatus, SchemaStore } from "../contract/schema.ts";
import { type AppliedMigration, judgeSchema } from "../shared/migrator.ts";
import type { Connection } from "./connection.ts";
import type { Session } from "./engine/session.ts";
import { migrations } from "./migrations/index.ts";

/** Brings a SQLite file's schema up to the code. */
export function createSchemaStore(connection: Connection): SchemaStore {
  return {
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

function statusOf(session: Session): SchemaStatus {
  const exists = session.get("SELECT 1 FROM sqlite_schema WHERE name = 'holdfast_migration'");
  return judgeSchema(exists === undefined ? [] : appliedOf(session), migrations);
}

function appliedOf(session: Session): readonly AppliedMigration[] {
  return session.all<AppliedMigration>(
    "SELECT id, name, checksum, min_code AS minCode FROM holdfast_migration ORDER BY id",
  );
}
