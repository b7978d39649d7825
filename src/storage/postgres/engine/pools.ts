import { HoldfastError } from "../../../core/errors.ts";
import type { Logger } from "../../../core/logger.ts";
import { checkOut, checkOutWithin } from "./checkout.ts";
import { loadDriver } from "./load-driver.ts";
import type { OwnClient, PgOptions, PgPoolClient, PostgresPool } from "./pg-shapes.ts";
import { ownOptions, portableOptions } from "./pool-options.ts";
import { reopenPool } from "./reopened-pool.ts";
import { surviveErrors } from "./survive-errors.ts";

/** What the caller gave: a place to connect to, or a pool of connections. */
export type PoolSource =
  | { readonly url: string; readonly connections?: number }
  | { readonly pool: PostgresPool };

/** Two sources of connections, so that handlers' transactions never keep Holdfast's own work waiting. */
export interface Pools {
  /** A connection for enqueues, claims, settlements, chores and reads. */
  internal(): Promise<PgPoolClient>;
  /** A connection for `transact`, from the application's pool. */
  application(): Promise<PgPoolClient>;
  /** Makes a client outside the pools, not yet connected; `undefined` when there is no way to. */
  readonly newClient: (() => OwnClient) | undefined;
  /** What another thread needs to connect by itself; `undefined` when that cannot be handed over. */
  readonly portable: PgOptions | undefined;
  /** The most connections a process opens: its pools, one that listens, one for heartbeats. */
  readonly most: number;
  /** Closes what was opened here; a pool that was given stays open. */
  close(): Promise<void>;
}

const applicationMax = 10;
const internalMax = 4;
const besidePools = 2;
const applicationWaitMs = 30_000;

/**
 * Opens Holdfast's pools. A pool given is opened a second time with its own options; when that does not work, it serves
 * Holdfast's own work too, and a warning says so.
 *
 * @throws {HoldfastError} `DRIVER_MISSING`, `INVALID_OPTION` for a URL that cannot be read.
 */
export function openPools(source: PoolSource, logger: Logger | undefined): Promise<Pools> {
  return "pool" in source
    ? openGiven(source.pool, logger)
    : openUrl(source.url, source.connections ?? applicationMax, logger);
}

async function openUrl(url: string, max: number, logger: Logger | undefined): Promise<Pools> {
  const { Client, Pool } = await loadDriver();
  const options = ownOptions({ connectionString: url });
  const newClient = () => new Client(options);
  refuseUnreadable(newClient);
  const application = new Pool({
    ...options,
    max,
    connectionTimeoutMillis: applicationWaitMs,
    // How long the application's own statements may take is the application's business.
    query_timeout: 0,
  });
  const internal = new Pool({ ...options, max: internalMax });
  for (const pool of [application, internal]) surviveErrors(pool, logger);
  return {
    internal: () => checkOut(internal),
    application: () => checkOutWithin(application, applicationWaitMs),
    newClient,
    portable: portableOptions(options),
    most: max + internalMax + besidePools,
    async close() {
      await Promise.all([application.end(), internal.end()]);
    },
  };
}

async function openGiven(given: PostgresPool, logger: Logger | undefined): Promise<Pools> {
  const letGo = surviveErrors(given, logger);
  const own = await reopenPool(given, internalMax, logger);
  if (own !== undefined) surviveErrors(own.pool, logger);
  const internal = own?.pool ?? given;
  return {
    internal: () => checkOut(internal),
    application: () => checkOutWithin(given, applicationWaitMs),
    newClient: own?.newClient,
    portable: own?.portable,
    most: mostOf(given) + (own === undefined ? 0 : internalMax + besidePools),
    async close() {
      await own?.pool.end();
      letGo();
    },
  };
}

function mostOf({ options }: PostgresPool): number {
  const max: unknown = Reflect.get(options, "max");
  return typeof max === "number" ? max : applicationMax;
}

function refuseUnreadable(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    // The cause stays behind: it may quote the URL, and the URL may hold a password.
    const why = error instanceof Error ? error.message : "it is not a URL";
    throw new HoldfastError("INVALID_OPTION", `The PostgreSQL URL cannot be used: ${why}.`);
  }
}
