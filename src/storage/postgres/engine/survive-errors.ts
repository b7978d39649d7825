import type { Logger } from "../../../core/logger.ts";
import type { PgClient, PostgresPool } from "./pg-shapes.ts";

/**
 * Keeps lost connections of a pool from ending the process; the function it gives undoes that. An idle one is replaced by the
 * pool, and one in use fails its statements: nobody else has to act.
 */
export function surviveErrors(pool: PostgresPool, logger: Logger | undefined): () => void {
  const known = new WeakSet<PgClient>();
  const onError = (error: Error) => {
    logger?.debug({ error: error.message }, "a PostgreSQL connection was lost");
  };
  // The pool stops listening the moment it hands a client out, and the next message may already be an error.
  const onAcquire = (client: PgClient) => {
    if (known.has(client)) return;
    known.add(client);
    client.on("error", ignore);
  };
  pool.on("error", onError);
  pool.on("acquire", onAcquire);
  return () => {
    pool.off("error", onError);
    pool.off("acquire", onAcquire);
  };
}

function ignore(): void {}
