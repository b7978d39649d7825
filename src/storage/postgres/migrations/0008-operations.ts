import type { MigrationStep } from "../../shared/migrator.ts";
import { statsPart } from "./0008-stats.ts";

const parts: readonly ((schema: string) => string)[] = [statsPart];

/**
 * The eighth step: what operators steer and see. Workers of the code before it go on beside it. `schema` is quoted.
 */
export function operationsMigration(schema: string): MigrationStep {
  return {
    id: 8,
    name: "operations",
    minCode: 7,
    sql: parts.map((part) => part(schema)).join("\n"),
  };
}
