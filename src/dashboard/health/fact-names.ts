/** What is told of a database. Names ending in `Ms` and `Bytes` say the unit; `Share` is from 0 to 1. */
export const factNames = [
  "migration",
  "latestMigration",
  /** `yes`, `busy` while another process holds the one writer, or `read-only`. */
  "writable",
  "connectionsUsed",
  "connectionsMost",
  /** The age of the oldest transaction that keeps dead rows from being removed. */
  "oldestTransactionMs",
  "inactiveSlots",
  "notifyQueueShare",
  /** `on` or `off`. */
  "autovacuum",
  "liveJobs",
  "deadRows",
  "indexBytes",
  "fileBytes",
  "walBytes",
] as const;

/** The name of something told of a database. */
export type FactName = (typeof factNames)[number];
