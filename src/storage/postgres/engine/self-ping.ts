import { setTimeout as pause } from "node:timers/promises";
import type { WakeupPing } from "../../../core/health-facts.ts";
import type { Connection } from "../connection.ts";
import { messageOf } from "../sql-errors.ts";
import { channelOf } from "./channel.ts";
import { connectAndListen, createPings } from "./ear.ts";
import type { OwnClient } from "./pg-shapes.ts";

/** Listens on a connection made for it, the way a worker does, and sends itself one message. */
export async function pingSelf(connection: Connection, withinMs: number): Promise<WakeupPing> {
  const { newClient, schema, whyDeaf } = connection;
  if (newClient === undefined) return { heard: false, why: whyDeaf };
  const client = newClient();
  const patience = new AbortController();
  try {
    const late = pause(withinMs, undefined, { signal: patience.signal }).then(() => {
      throw new Error(`it took longer than ${withinMs} ms`);
    });
    await Promise.race([roundTrip(client, channelOf(schema), withinMs), late]);
    return { heard: true };
  } catch (error) {
    return { heard: false, why: messageOf(error) };
  } finally {
    patience.abort();
    // A connection that is silent would keep us waiting for its end.
    client.end().catch(() => {});
  }
}

async function roundTrip(client: OwnClient, channel: string, withinMs: number): Promise<void> {
  const pings = createPings(client, channel);
  const lost = new Promise<never>((_resolve, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new Error("the connection was cut")));
  });
  client.on("notification", ({ payload = "" }) => void pings.isEcho(payload));
  const heard = connectAndListen(client, channel).then(() => pings.roundTrip(withinMs));
  await Promise.race([heard, lost]);
}
