import type { Migration } from "../../contract/schema.ts";
import { sealMigration } from "../../shared/migrator.ts";
import { initialMigration } from "./0001-initial.ts";

/** The steps of the schema, oldest first, for the schema of this bare name. */
export function migrationsFor(name: string): readonly Migration[] {
  const schema = `"${name}"`;
  return [initialMigration(schema, name)].map((step) =>
    sealMigration(
      step,
      (row) => `INSERT INTO ${schema}.migration (id, name, checksum, applied_at, min_code)
VALUES (${row.id}, '${row.name}', '${row.checksum}', floor(extract(epoch FROM clock_timestamp()) * 1000), ${row.minCode});`,
    ),
  );
}
