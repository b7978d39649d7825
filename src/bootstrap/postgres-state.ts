import type { Logger } from "../core/logger.ts";
import { scrub } from "./scrub.ts";
import { driverMissing, unreachable } from "./state-errors.ts";
import type { PgPool } from "./state-shapes.ts";

/** The application's own PostgreSQL. */
export interface PostgresState {
  /** Made at the first call; it connects when it is used. */
  pool(): PgPool;
  close(): Promise<void>;
}

const patienceMs = 5_000;

/**
 * Makes sure that the database answers, by a connection that is closed again.
 *
 * @throws {HoldfastError} `DRIVER_MISSING`, `STATE_UNREACHABLE`.
 */
export async function openPostgres(
  url: string,
  connections: number,
  logger: Logger,
): Promise<PostgresState> {
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    throw driverMissing("PostgreSQL", "pg", cause);
  });
  const plan = { connectionString: url, connectionTimeoutMillis: patienceMs };
  try {
    await tryConnection(new pg.Client({ ...plan, query_timeout: patienceMs }));
  } catch (cause) {
    throw unreachable("PostgreSQL", "DATABASE_URL", url, cause);
  }
  let pool: PgPool | undefined;
  return {
    pool() {
      if (pool === undefined) {
        pool = new pg.Pool({ ...plan, max: connections }) as unknown as PgPool;
        // A connection that breaks while idle would end the process.
        pool.on("error", (error) =>
          logger.warn({ error: scrub(error, url) }, "a connection to PostgreSQL broke"),
        );
      }
      return pool;
    },
    close: async () => pool?.end(),
  };
}

/** What is used of a `pg` client. */
interface PgConnection {
  on(event: "error", listener: () => void): unknown;
  connect(): Promise<unknown>;
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

async function tryConnection(client: PgConnection): Promise<void> {
  // What breaks is told by the call that waits for it.
  client.on("error", () => {});
  try {
    await client.connect();
    // A pooler lets anyone in before it has a server; an empty statement needs one.
    await client.query("");
  } finally {
    await client.end().catch(() => {});
  }
}
