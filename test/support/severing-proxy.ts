import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { cutMessages } from "./postgres-messages.ts";

/** What becomes of connections that listen: nothing, their end, or a silence in which all else goes on. */
export type ListenFate = "pass" | "cut" | "mute";

/** A way to a PostgreSQL server on which connections that LISTEN fare badly, and no others. */
export interface SeveringProxy {
  /** Leads to the database by this way. */
  readonly url: string;
  /** Decides from now on, and over those that listen already. */
  decide(fate: ListenFate): void;
  close(): Promise<void>;
}

/** Opens a proxy before the server of `url`. */
export async function openSeveringProxy(
  url: string,
  first: ListenFate = "pass",
): Promise<SeveringProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const listening = new Set<Socket>();
  let fate = first;

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
      if (chunk.includes("LISTEN ")) {
        listening.add(client);
        if (fate === "cut") return void client.destroy();
      }
      upstream.write(chunk);
    });
    const fromServer = cutMessages((letter, bytes) => {
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
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
