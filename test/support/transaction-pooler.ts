import { randomBytes } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import {
  cutMessages,
  message,
  type Opening,
  readOpening,
  ready,
  refusal,
} from "./postgres-messages.ts";
import {
  type ServerConnection,
  type ServerConnections,
  serverConnections,
  type Turn,
} from "./server-connections.ts";

/** A pooler in transaction mode: between two transactions a client has no connection to the server. */
export interface TransactionPooler {
  /** Leads to the database by this way. */
  readonly url: string;
  /** The most clients there were at the same time. */
  mostClients(): number;
  close(): Promise<void>;
}

export interface TransactionPoolerOptions {
  /** Connections to the server for each database; default 4. */
  readonly servers?: number;
  /** Default "oldest": transactions of one client meet one connection after the other. */
  readonly turn?: Turn;
}

/**
 * Opens a pooler before the server of `url`, as strict as PgBouncer: it forgets what a session was told, knows only the usual
 * parameters of a connection, and drops notifications that arrive between two transactions.
 */
export async function openTransactionPooler(
  url: string,
  { servers = 4, turn = "oldest" }: TransactionPoolerOptions = {},
): Promise<TransactionPooler> {
  const byDatabase = new Map<string, ServerConnections>();
  const sockets = new Set<Socket>();
  let most = 0;

  function serversOf(database: string): ServerConnections {
    const known = byDatabase.get(database);
    if (known !== undefined) return known;
    const { href } = new URL(`/${database}`, url);
    const opened = serverConnections(href, servers, turn);
    byDatabase.set(database, opened);
    return opened;
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.setNoDelay(true);
    // A client that dies breaks its connection.
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    admit(socket, serversOf);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const way = new URL(url);
  way.host = `127.0.0.1:${port}`;
  return {
    url: way.href,
    mostClients: () => most,
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const each of byDatabase.values()) each.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const usualParameters = new Set([
  "user",
  "database",
  "client_encoding",
  "application_name",
  "DateStyle",
  "TimeZone",
]);

/** Reads first messages until one starts a session. */
function admit(socket: Socket, serversOf: (database: string) => ServerConnections): void {
  let bytes = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length < 8 || bytes.length < bytes.readInt32BE(0)) return;
    const opening = readOpening(bytes.subarray(0, bytes.readInt32BE(0)));
    bytes = Buffer.alloc(0);
    if (opening.ask === "encrypt") return void socket.write("N");
    socket.off("data", read);
    if (opening.ask !== "start") return void socket.end();
    start(socket, opening.parameters, serversOf).catch((error: unknown) => {
      socket.end(refusal("08006", error instanceof Error ? error.message : String(error)));
    });
  };
  socket.on("data", read);
}

type Parameters = Extract<Opening, { ask: "start" }>["parameters"];

async function start(
  socket: Socket,
  parameters: Parameters,
  serversOf: (database: string) => ServerConnections,
): Promise<void> {
  const unknown = [...parameters.keys()].find((name) => !usualParameters.has(name));
  if (unknown !== undefined) throw new Error(`unsupported startup parameter: ${unknown}`);
  const servers = serversOf(parameters.get("database") ?? parameters.get("user") ?? "");
  const first = await servers.take();
  servers.giveBack(first);
  serve(socket, servers);
  socket.write(message("R", 0));
  for (const [name, value] of first.parameters) socket.write(message("S", name, value));
  const invented = randomBytes(8);
  socket.write(message("K", invented.readInt32BE(0), invented.readInt32BE(4)));
  socket.write(ready);
}

/** Messages after which the server says once that it is ready. */
const asks = new Set(["Q", "S", "F"]);

/** Forwards a client's messages: from the first until the server is ready outside a transaction, it has a connection. */
function serve(socket: Socket, servers: ServerConnections): void {
  const held: Buffer[] = [];
  let server: ServerConnection | "coming" | undefined;
  let unanswered = 0;
  let gone = false;

  const fromServer = cutMessages((letter, bytes) => {
    socket.write(bytes);
    if (letter !== "Z") return;
    unanswered--;
    if (unanswered === 0 && bytes[5] === ready[5]) detach()?.giveBack();
  });
  const lost = () => socket.destroy();

  function detach() {
    if (server === undefined || server === "coming") return undefined;
    const connection = server;
    server = undefined;
    connection.stream.off("data", fromServer).off("close", lost);
    return {
      giveBack: () => {
        // What arrives now is for nobody, and a stream that nobody reads would stand still.
        connection.stream.resume();
        servers.giveBack(connection);
      },
      discard: () => servers.discard(connection),
    };
  }

  async function attach(): Promise<void> {
    server = "coming";
    const connection = await servers.take();
    if (gone) return servers.giveBack(connection);
    server = connection;
    connection.stream.on("data", fromServer).on("close", lost);
    for (const bytes of held.splice(0)) connection.stream.write(bytes);
  }

  const fromClient = cutMessages((letter, bytes) => {
    if (letter === "X") return void socket.end();
    if (asks.has(letter)) unanswered++;
    if (server === undefined) attach().catch(lost);
    if (server === "coming" || server === undefined) held.push(bytes);
    else server.stream.write(bytes);
  });

  socket.on("data", fromClient);
  socket.on("close", () => {
    gone = true;
    // Whoever leaves in the middle leaves an open transaction behind.
    detach()?.discard();
  });
}
