import type { MigrationStep } from "../../shared/migrator.ts";

/**
 * The tenth step: operations count their jobs on the way, and `counted` is the id up to which they have; NULL when all are counted.
 * Workers of the code before it go on beside it: they do not count. `schema` is quoted.
 */
export function countingMigration(schema: string): MigrationStep {
  return {
    id: 10,
    name: "counting",
    minCode: 7,
    sql: `ALTER TABLE ${schema}.operation ADD COLUMN counted bigint;`,
  };
}
