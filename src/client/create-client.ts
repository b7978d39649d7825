import type { Client } from "../core/client.ts";
import { routeBy } from "../core/router.ts";
import { createDatabaseClock } from "../service/database-clock.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { createConsoleLogger } from "../telemetry/console-logger.ts";
import { assembleClient } from "./client.ts";
import {
  type CheckedOptions,
  type ClientOptions,
  type ClientSettings,
  checkClientOptions,
} from "./client-options.ts";
import { openStorage } from "./open-storage.ts";
import { prepareSchema } from "./prepare-schema.ts";

/**
 * Opens the door to Holdfast: connects, brings the schema up to date when given a URL, and measures the database's time.
 *
 * @throws {HoldfastError} `INVALID_OPTION` before anything is opened, `DRIVER_MISSING`, `SCHEMA_OUT_OF_DATE`,
 * `SCHEMA_TOO_NEW`, `SCHEMA_CHANGED`, `STORAGE_*`; what was opened by then is closed again.
 * @example
 * ```ts
 * const client = await createClient("sqlite:jobs.db");
 * const onMyPool = await createClient({ pool });
 * ```
 */
export function createClient(url: string, settings?: ClientSettings): Promise<Client>;
export function createClient(options: ClientOptions): Promise<Client>;
export async function createClient(
  given: string | ClientOptions,
  settings?: ClientSettings,
): Promise<Client> {
  const options = checkClientOptions(given, settings);
  const logger = options.logger ?? createConsoleLogger();
  const { storage, closeStorage } = await open({ ...options, logger });
  try {
    await prepareSchema(storage, options.migrate);
    const { clock, stopClock } = await openClock(options, storage);
    return assembleClient({
      storage,
      clock,
      logger,
      route: routeBy(options.router),
      telemetry: options.telemetry,
      transactions: options.transactions,
      async release() {
        stopClock();
        await closeStorage();
      },
    });
  } catch (error) {
    // What went wrong first is what the caller must hear.
    await closeStorage().catch(() => {});
    throw error;
  }
}

async function open(
  options: CheckedOptions,
): Promise<{ readonly storage: Storage; closeStorage(): Promise<void> }> {
  const { source } = options;
  if (source.kind === "storage") return { storage: source.storage, closeStorage: async () => {} };
  const storage = await openStorage(source, options);
  return { storage, closeStorage: () => storage.close() };
}

async function openClock(options: CheckedOptions, storage: Storage) {
  if (options.clock !== undefined) return { clock: options.clock, stopClock: () => {} };
  const clock = await createDatabaseClock(() => storage.serverTime());
  return { clock, stopClock: () => clock.stop() };
}
