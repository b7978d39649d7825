/** Jobs in a SQLite file. */
export type { SqliteTransaction } from "./storage/sqlite/engine/open-transaction.ts";
export { migrations } from "./storage/sqlite/migrations/index.ts";
export {
  type SqliteStorage,
  type SqliteStorageOptions,
  sqliteStorage,
} from "./storage/sqlite/sqlite-storage.ts";
