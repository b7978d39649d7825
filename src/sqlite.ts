/** Jobs in a SQLite file. */
export { migrations } from "./storage/sqlite/migrations/index.ts";
export {
  type SqliteStorage,
  type SqliteStorageOptions,
  sqliteStorage,
} from "./storage/sqlite/sqlite-storage.ts";
export type { SqliteTransaction } from "./storage/sqlite/transact.ts";
