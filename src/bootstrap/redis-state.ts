import type { Logger } from "../core/logger.ts";
import { scrub } from "./scrub.ts";
import { driverMissing, unreachable } from "./state-errors.ts";
import type { RedisClient } from "./state-shapes.ts";

/** The application's own Redis. */
export interface RedisState {
  /** Made at the first call; it connects with its first command. */
  client(): RedisClient;
  close(): Promise<void>;
}

const patienceMs = 5_000;

/**
 * Makes sure that the server answers, by a connection that is closed again.
 *
 * @throws {HoldfastError} `DRIVER_MISSING`, `STATE_UNREACHABLE`.
 */
export async function openRedis(url: string, logger: Logger): Promise<RedisState> {
  const { Redis } = await import("ioredis").catch((cause: unknown) => {
    throw driverMissing("Redis", "ioredis", cause);
  });
  const once = { connectTimeout: patienceMs, commandTimeout: patienceMs, retryStrategy: null };
  const probe = new Redis(url, { ...once, lazyConnect: true, maxRetriesPerRequest: 0 });
  await tryConnection(probe).catch((cause: unknown) => {
    throw unreachable("Redis", "REDIS_URL", url, cause);
  });
  let client: RedisClient | undefined;
  return {
    client() {
      if (client === undefined) {
        client = new Redis(url, { lazyConnect: true });
        client.on("error", (error) =>
          logger.warn({ error: scrub(error, url) }, "the connection to Redis broke"),
        );
      }
      return client;
    },
    async close() {
      // Only one that is connected can say goodbye; another would wait until it is.
      if (client?.status === "ready") await client.quit();
      else client?.disconnect();
    },
  };
}

async function tryConnection(client: RedisClient): Promise<void> {
  // The cause is with the event; the call that waits only hears that it is closed.
  let broke: Error | undefined;
  client.on("error", (error) => {
    broke ??= error;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (cause) {
    throw broke ?? cause;
  } finally {
    client.disconnect();
  }
}
