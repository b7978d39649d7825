import { isWhole } from "../core/check-options.ts";
import type { Logger } from "../core/logger.ts";
import { type Environment, readNamed, readSetting } from "./environment.ts";
import { openPostgres, type PostgresState } from "./postgres-state.ts";
import { openRedis, type RedisState } from "./redis-state.ts";
import { notConfigured, wrongValue } from "./state-errors.ts";
import type { PgPool, RedisClient } from "./state-shapes.ts";

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

const defaultConnections = 10;

/**
 * Resolves the state that the environment names, and makes sure that it answers.
 *
 * @throws {HoldfastError} `STATE_UNREACHABLE`, `DRIVER_MISSING`, `INVALID_OPTION`.
 */
export async function openState(env: Environment, logger: Logger): Promise<OpenState> {
  const databaseUrl = readSetting(env, "databaseUrl");
  const isPostgres = databaseUrl !== undefined && /^postgres(ql)?:\/\//i.test(databaseUrl);
  const postgres = isPostgres
    ? await openPostgres(databaseUrl, connectionsOf(env), logger)
    : undefined;
  const redisUrl = readSetting(env, "redisUrl");
  const redis = redisUrl === undefined ? undefined : await openRedis(redisUrl, logger);
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
