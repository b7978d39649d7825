import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { cutMessages } from "./postgres-messages.ts";

/** A statement on its way to the server: its text on one line, and when it was sent, on this process's monotonic clock. */
export interface Overheard {
  readonly sql: string;
  readonly at: number;
}

/** A way to a PostgreSQL server on which every statement is overheard, whichever thread or connection sends it. */
export interface OverhearingProxy {
  /** Leads to the database by this way. */
  readonly url: string;
  /** All of them, in the order they were sent. */
  readonly sent: readonly Overheard[];
  close(): Promise<void>;
}

/** Opens a proxy before the server of `url`. */
export async function openOverhearingProxy(url: string): Promise<OverhearingProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const sent: Overheard[] = [];

  function keep(socket: Socket, other: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  }

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    keep(client, upstream);
    keep(upstream, client);
    const readText = textReader();
    const overhear = skipOpening(
      cutMessages((letter, bytes) => {
        const text = readText(letter, bytes);
        if (text === undefined) return;
        sent.push({ sql: text.replaceAll(/\s+/g, " ").trim(), at: performance.now() });
      }),
    );
    client.on("data", (chunk) => {
      overhear(chunk);
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => void client.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const way = new URL(url);
  way.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: way.href,
    sent,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client's first message has no letter. */
function skipOpening(rest: (chunk: Buffer) => void): (chunk: Buffer) => void {
  let opening: Buffer | undefined = Buffer.alloc(0);
  return (chunk) => {
    if (opening === undefined) return rest(chunk);
    opening = Buffer.concat([opening, chunk]);
    if (opening.length < 4 || opening.length < opening.readInt32BE(0)) return;
    const after = opening.subarray(opening.readInt32BE(0));
    opening = undefined;
    rest(after);
  };
}

/** Gives the text of each statement a connection executes: of a simple query, or of one parsed before and known by its name. */
function textReader(): (letter: string, bytes: Buffer) => string | undefined {
  const parsed = new Map<string, string>();
  return (letter, bytes) => {
    const words = bytes.toString("utf8", 5).split("\0", 2);
    const [first = "", second = ""] = words;
    if (letter === "P") parsed.set(first, second);
    if (letter === "Q") return first;
    return letter === "B" ? parsed.get(second) : undefined;
  };
}
