import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { cutMessages, ready, refusal } from "./postgres-messages.ts";

/** What becomes of connections that listen: nothing, their end, a silence in which all else goes on, or a refusal. */
export type ListenFate = "pass" | "cut" | "mute" | "refuse";

/** A way to a PostgreSQL server on which connections that LISTEN fare badly, and no others. */
export interface SeveringProxy {
  /** Leads to the database by this way. */
  readonly url: string;
  /** Decides from now on, and over those that listen already. */
  decide(fate: ListenFate): void;
  /** From now on nothing passes on the connections there are, which stay open; new ones work. */
  freeze(): void;
  /** How often LISTEN was sent. */
  listened(): number;
  /** Connections that are open. */
  open(): number;
  close(): Promise<void>;
}

const noListening = refusal("0A000", "LISTEN is not allowed here");

/** Opens a proxy before the server of `url`. */
export async function openSeveringProxy(
  url: string,
  first: ListenFate = "pass",
): Promise<SeveringProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const listening = new Set<Socket>();
  const frozen = new WeakSet<Socket>();
  let fate = first;
  let listened = 0;

  function keep(socket: Socket, other: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      listening.delete(socket);
      other.destroy();
    });
  }

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    keep(client, upstream);
    keep(upstream, client);
    client.on("data", (chunk) => {
      if (frozen.has(client)) return;
      if (chunk.includes("LISTEN ")) {
        listened += 1;
        listening.add(client);
        if (fate === "cut") return void client.destroy();
        if (fate === "refuse") return void client.write(Buffer.concat([noListening, ready]));
      }
      upstream.write(chunk);
    });
    const fromServer = cutMessages((letter, bytes) => {
      if (frozen.has(client)) return;
      if (letter === "A" && fate === "mute") return;
      client.write(bytes);
    });
    upstream.on("data", fromServer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const way = new URL(url);
  way.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: way.href,
    decide(next) {
      fate = next;
      if (fate === "cut") for (const socket of listening) socket.destroy();
    },
    freeze() {
      for (const socket of sockets) frozen.add(socket);
    },
    listened: () => listened,
    // Each has two ends.
    open: () => sockets.size / 2,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
