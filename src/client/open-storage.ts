import type { Duration } from "../core/duration.ts";
import type { Logger } from "../core/logger.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { PostgresPool } from "../storage/postgres/engine/pg-shapes.ts";
import type { StorageTarget } from "./storage-url.ts";

export type { PostgresPool } from "../storage/postgres/engine/pg-shapes.ts";

/** Where to open a storage. */
export type StorageSource = StorageTarget | { readonly kind: "pool"; readonly pool: PostgresPool };

/** How to open it; each database takes what concerns it. */
export interface OpenSettings {
  readonly connections?: number | undefined;
  readonly schema?: string | undefined;
  readonly listen?: string | false | undefined;
  readonly maxHold?: Duration | undefined;
  readonly logger?: Logger | undefined;
  /** False refuses a SQLite file that does not exist. */
  readonly create?: boolean;
}

/** Opens a storage; a driver, and the package below it, is loaded only when it is asked for. */
export async function openStorage(source: StorageSource, settings: OpenSettings): Promise<Storage> {
  const { connections, schema, listen, maxHold, logger, create } = settings;
  if (source.kind === "sqlite") {
    const { sqliteStorage } = await import("../storage/sqlite/sqlite-storage.ts");
    return sqliteStorage({ path: source.path, ...given({ maxHold, create, logger }) });
  }
  const { postgresStorage } = await import("../storage/postgres/postgres-storage.ts");
  const where = source.kind === "pool" ? { pool: source.pool } : { url: source.url };
  return postgresStorage({ ...where, ...given({ connections, schema, listen, logger }) });
}

type Given<Options> = { [Name in keyof Options]?: Exclude<Options[Name], undefined> };

/** Leaves out what was not given. */
function given<Options extends object>(options: Options): Given<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Given<Options>;
}
