import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { OwnClient } from "./pg-shapes.ts";

/**
 * Connects, and listens on a channel.
 *
 * @throws when that does not work, or a pooler stands between.
 */
export async function connectAndListen(client: OwnClient, channel: string): Promise<void> {
  await client.connect();
  await assertOwnSession(client);
  await client.query(`LISTEN "${channel}"`);
}

/**
 * A pooler hands its connections on: what we listen to and lock there would be left to others, and to us it would be lost.
 * It gives away that it stands between by a process number that is not the server's.
 */
async function assertOwnSession(client: OwnClient): Promise<void> {
  const { rows } = await client.query("SELECT pg_backend_pid()::text AS pid");
  const [{ pid } = {}] = rows as readonly { readonly pid?: string }[];
  const own = client.processID ?? undefined;
  if (own !== undefined && pid !== String(own)) {
    throw new Error("LISTEN needs a direct connection, and this one leads through a pooler");
  }
}

/** Messages of a connection to itself. */
export interface Pings {
  /** True for a message that is one of these and nobody else's business. */
  isEcho(payload: string): boolean;
  /** Sends one and waits until it is back. */
  roundTrip(patienceMs: number): Promise<void>;
}

/** Messages to ourselves: a LISTEN can be dead while its connection looks well. */
export function createPings(client: OwnClient, channel: string): Pings {
  let expected = "";
  let arrived: (() => void) | undefined;
  return {
    isEcho(payload: string): boolean {
      if (!payload.startsWith("ping ")) return false;
      if (payload === expected) arrived?.();
      return true;
    },
    async roundTrip(patienceMs): Promise<void> {
      expected = `ping ${randomUUID()}`;
      const echo = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const patience = new AbortController();
      const late = pause(patienceMs, undefined, { ref: false, signal: patience.signal }).then(
        () => {
          throw new Error("LISTEN gives no answer on this connection");
        },
      );
      try {
        await Promise.race([
          Promise.all([client.query("SELECT pg_notify($1, $2)", [channel, expected]), echo]),
          late,
        ]);
      } finally {
        late.catch(() => {});
        patience.abort();
      }
    },
  };
}
