import { bulkTables } from "./0005-bulk.ts";
import { enqueueContract } from "./0005-enqueue.ts";
import { presencePart } from "./0005-presence.ts";
import { queueSettings } from "./0005-queues.ts";
import { schedules } from "./0005-schedules.ts";
import { stats } from "./0005-stats.ts";

const parts: readonly string[] = [
  presencePart,
  queueSettings,
  enqueueContract,
  bulkTables,
  schedules,
  stats,
];

/** What operators steer and see. Workers of the code before it go on beside it. */
export const operations = {
  id: 5,
  name: "operations",
  minCode: 4,
  sql: parts.join("\n"),
} as const;
