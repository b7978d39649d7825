import type { Migration } from "../../contract/schema.ts";
import { sealMigration } from "../../shared/migrator.ts";
import { initial } from "./0001-initial.ts";
import { slimRows } from "./0002-slim-rows.ts";
import { afterJobs } from "./0003-after-jobs.ts";
import { admission } from "./0004-admission.ts";
import { operations } from "./0005-operations.ts";
import { services } from "./0006-services.ts";
import { counting } from "./0007-counting.ts";
import { names } from "./0008-names.ts";

/**
 * Every step of the SQLite schema, oldest first: to be applied in order, each inside a transaction, by
 * `storage.migrate()`, by the command line, or by the application's own migration tool.
 */
export const migrations: readonly Migration[] = [
  initial,
  slimRows,
  afterJobs,
  admission,
  operations,
  services,
  counting,
  names,
].map((step) =>
  sealMigration(
    step,
    ({ id, name, checksum, minCode }) =>
      `INSERT INTO holdfast_migration (id, name, checksum, applied_at, min_code)
VALUES (${id}, '${name}', '${checksum}', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), ${minCode});`,
  ),
);
