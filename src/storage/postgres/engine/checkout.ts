import { HoldfastError } from "../../../core/errors.ts";
import { storageError } from "../sql-errors.ts";
import type { PgPoolClient, PostgresPool } from "./pg-shapes.ts";

/** Takes a connection out of a pool; its caller must release it. */
export async function checkOut(pool: PostgresPool): Promise<PgPoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw storageError(error);
  }
}

/**
 * Takes a connection out of a pool whose own patience may be endless.
 *
 * @throws {HoldfastError} `POOL_EXHAUSTED` with the sizes, `STORAGE_*`.
 */
export function checkOutWithin(pool: PostgresPool, limitMs: number): Promise<PgPoolClient> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(exhausted(pool, new Error(`timeout exceeded when trying to connect: ${limitMs} ms`)));
    }, limitMs);
    checkOut(pool).then(
      (client) => {
        clearTimeout(timer);
        if (late) client.release();
        else resolve(client);
      },
      (error: unknown) => {
        clearTimeout(timer);
        const cause: unknown = error instanceof HoldfastError ? error.cause : error;
        reject(/timeout exceeded/.test(String(cause)) ? exhausted(pool, cause) : error);
      },
    );
  });
}

function exhausted(pool: PostgresPool, cause: unknown): HoldfastError {
  const max = Number(Reflect.get(pool.options, "max"));
  const inUse = pool.totalCount - pool.idleCount;
  // Room left means that the wait was for the server, not for other callers.
  if (inUse < max) return storageError(cause);
  return new HoldfastError(
    "POOL_EXHAUSTED",
    `No connection of the application's pool became free in time: ${inUse} of ${max} are in use and ${pool.waitingCount} callers wait. Raise the pool's max, or hold transactions for less time.`,
    { details: { max, inUse, waiting: pool.waitingCount }, cause },
  );
}
