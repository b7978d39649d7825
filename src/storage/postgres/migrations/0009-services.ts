import type { MigrationStep } from "../../shared/migrator.ts";
import { everPart } from "./0009-ever.ts";

const parts: readonly ((schema: string) => string)[] = [everPart];

/**
 * The ninth step: what the services around jobs need. Workers of the code before it go on beside it. `schema` is quoted.
 */
export function servicesMigration(schema: string): MigrationStep {
  return {
    id: 9,
    name: "services",
    minCode: 7,
    sql: parts.map((part) => part(schema)).join("\n"),
  };
}
