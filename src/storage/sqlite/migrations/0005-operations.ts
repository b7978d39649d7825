import { bulkTables } from "./0005-bulk.ts";
import { presencePart } from "./0005-presence.ts";

const parts: readonly string[] = [presencePart, bulkTables];

/** What operators steer and see. Workers of the code before it go on beside it. */
export const operations = {
  id: 5,
  name: "operations",
  minCode: 4,
  sql: parts.join("\n"),
} as const;
