import type { Migration } from "../../contract/schema.ts";
import { sealMigration } from "../../shared/migrator.ts";
import { initialMigration } from "./0001-initial.ts";
import { ringMigration } from "./0002-ring.ts";
import { hotFunctionsMigration } from "./0003-hot-functions.ts";
import { leanFunctionsMigration } from "./0004-lean-functions.ts";
import { enqueueFunctionsMigration } from "./0005-enqueue-functions.ts";
import { afterJobsMigration } from "./0006-after-jobs.ts";
import { admissionMigration } from "./0007-admission.ts";
import { operationsMigration } from "./0008-operations.ts";
import { servicesMigration } from "./0009-services.ts";
import { countingMigration } from "./0010-counting.ts";

/**
 * Every step of the PostgreSQL schema `holdfast`, oldest first: to be applied in order, each inside a transaction, by
 * `storage.migrate()`, by the command line, or by the application's own migration tool.
 */
export const migrations: readonly Migration[] = migrationsFor("holdfast");

/** The same steps for a schema of another name. */
export function migrationsFor(name: string): readonly Migration[] {
  const schema = `"${name}"`;
  const steps = [
    initialMigration(schema, name),
    ringMigration(schema),
    hotFunctionsMigration(schema),
    leanFunctionsMigration(schema),
    enqueueFunctionsMigration(schema),
    afterJobsMigration(schema),
    admissionMigration(schema),
    operationsMigration(schema),
    servicesMigration(schema),
    countingMigration(schema),
  ];
  return steps.map((step) =>
    sealMigration(
      step,
      (row) => `INSERT INTO ${schema}.migration (id, name, checksum, applied_at, min_code)
VALUES (${row.id}, '${row.name}', '${row.checksum}', floor(extract(epoch FROM clock_timestamp()) * 1000), ${row.minCode});`,
    ),
  );
}
