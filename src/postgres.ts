/** Jobs in a PostgreSQL database. */
export type { PostgresPool } from "./storage/postgres/engine/pg-shapes.ts";
export { migrations } from "./storage/postgres/migrations/index.ts";
export {
  type PostgresStorageOptions,
  postgresStorage,
} from "./storage/postgres/postgres-storage.ts";
