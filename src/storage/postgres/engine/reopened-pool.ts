import type { Logger } from "../../../core/logger.ts";
import { messageOf } from "../sql-errors.ts";
import { checkOutWithin } from "./checkout.ts";
import type { OwnClient, OwnPool, PgOptions, PostgresPool } from "./pg-shapes.ts";
import { portableOptions, reopenedOptions } from "./pool-options.ts";

/** A pool of Holdfast's own made from the application's. */
export interface ReopenedPool {
  readonly pool: OwnPool;
  readonly portable: PgOptions | undefined;
  readonly newClient: () => OwnClient;
}

const probeMs = 10_000;

/** Opens a given pool a second time; `undefined`, and one warning, when that does not work. */
export async function reopenPool(
  given: PostgresPool,
  max: number,
  logger: Logger | undefined,
): Promise<ReopenedPool | undefined> {
  let pool: OwnPool | undefined;
  try {
    const options = reopenedOptions(given);
    // The pool's own classes: another copy of pg, an instrumented one and pg-native all stay what they are.
    pool = construct(given.constructor, { ...options, max });
    const Client = Reflect.get(pool, "Client") as new (clientOptions: PgOptions) => OwnClient;
    await probe(pool, given);
    const custom = Reflect.get(given.options, "Client") !== undefined;
    const portable = custom ? undefined : portableOptions(options);
    return { pool, portable, newClient: () => new Client(options) };
  } catch (error) {
    await pool?.end().catch(() => undefined);
    logger?.warn(
      { error: messageOf(error) },
      "the pool cannot be opened a second time: Holdfast's own work shares its connections with the application's transactions",
    );
    return undefined;
  }
}

function construct(Pool: unknown, options: PgOptions): OwnPool {
  const pool = Reflect.construct(Pool as typeof Object, [options]) as OwnPool;
  if (typeof pool.connect === "function" && typeof pool.end === "function") return pool;
  throw new Error("its class makes no pool");
}

/** While the given pool cannot connect either, nothing is wrong with the options. */
async function probe(own: OwnPool, given: PostgresPool): Promise<void> {
  try {
    (await checkOutWithin(own, probeMs)).release();
  } catch (error) {
    const client = await checkOutWithin(given, probeMs).catch(() => undefined);
    if (client === undefined) return;
    client.release();
    throw error;
  }
}
