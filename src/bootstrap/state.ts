import { isWhole } from "../core/check-options.ts";
import type { Logger } from "../core/logger.ts";
import { type Environment, readNamed } from "./environment.ts";
import { openPostgres, type PostgresState } from "./postgres-state.ts";
import { openRedis, type RedisState } from "./redis-state.ts";
import { notConfigured, wrongValue } from "./state-errors.ts";
import type { PgPool, RedisClient } from "./state-shapes.ts";
import { readStateUrls, type StateUrls } from "./state-urls.ts";

/** The application's own state: what is set was seen to answer when the service began, and is connected when it is used. */
export interface State {
  /** True when `DATABASE_URL` leads to PostgreSQL. */
  readonly hasPg: boolean;
  /** True when `REDIS_URL` is set. */
  readonly hasRedis: boolean;
  /**
   * The pool of the application's PostgreSQL: a `pg.Pool`, always the same one.
   *
   * @throws {HoldfastError} `STATE_NOT_CONFIGURED`.
   * @example
   * ```ts
   * const { state } = await bootstrap("reports");
   * const { rows } = await state.pg().query<{ total: string }>("SELECT sum(amount) AS total FROM invoices");
   * ```
   */
  pg<Pool = PgPool>(): Pool;
  /**
   * The client of the application's Redis, from `ioredis`, always the same one.
   *
   * @throws {HoldfastError} `STATE_NOT_CONFIGURED`.
   */
  redis<Client = RedisClient>(): Client;
}

/** State, and its end. */
export interface OpenState {
  readonly state: State;
  close(): Promise<void>;
}

/** What the environment says of the state. */
export interface StatePlan {
  readonly urls: StateUrls;
  /** The most connections to PostgreSQL. */
  readonly connections: number;
}

const defaultConnections = 10;

/**
 * Reads what the environment says of the state; nothing is opened.
 *
 * @throws {HoldfastError} `STATE_NOT_CONFIGURED` for a variable that holds what it cannot.
 */
export function readStatePlan(env: Environment): StatePlan {
  return { urls: readStateUrls(env), connections: connectionsOf(env) };
}

/**
 * Makes sure that the state the environment names answers.
 *
 * @throws {HoldfastError} `STATE_UNREACHABLE`, `DRIVER_MISSING`.
 */
export async function openState(plan: StatePlan, logger: Logger): Promise<OpenState> {
  const { urls, connections } = plan;
  const postgres =
    urls.postgres === undefined
      ? undefined
      : await openPostgres(urls.postgres, connections, logger);
  const redis = urls.redis === undefined ? undefined : await openRedis(urls.redis, logger);
  return {
    state: stateOf(postgres, redis),
    async close() {
      await Promise.all([postgres?.close(), redis?.close()]);
    },
  };
}

function stateOf(postgres: PostgresState | undefined, redis: RedisState | undefined): State {
  return {
    hasPg: postgres !== undefined,
    hasRedis: redis !== undefined,
    pg<Pool>() {
      if (postgres === undefined) {
        throw notConfigured("state.pg()", "DATABASE_URL (postgres://...)");
      }
      return postgres.pool() as Pool;
    },
    redis<Client>() {
      if (redis === undefined) throw notConfigured("state.redis()", "REDIS_URL");
      return redis.client() as Client;
    },
  };
}

function connectionsOf(env: Environment): number {
  const named = readNamed(env, "connections");
  if (named === undefined) return defaultConnections;
  const count = Number(named.value);
  if (!isWhole(count, 1)) throw wrongValue(named.name, "a whole number of at least 1");
  return count;
}
