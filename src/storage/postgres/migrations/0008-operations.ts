import type { MigrationStep } from "../../shared/migrator.ts";
import { bulkTables } from "./0008-bulk.ts";
import { cappedClaims } from "./0008-capped-claims.ts";
import { enqueueContract } from "./0008-enqueue.ts";
import { presencePart } from "./0008-presence.ts";
import { queueSettings } from "./0008-queues.ts";
import { schedules } from "./0008-schedules.ts";
import { statsPart } from "./0008-stats.ts";
import { wakeupsPart } from "./0008-wakeups.ts";

const parts: readonly ((schema: string) => string)[] = [
  presencePart,
  queueSettings,
  cappedClaims,
  enqueueContract,
  bulkTables,
  wakeupsPart,
  schedules,
  statsPart,
];

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
