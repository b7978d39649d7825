import type { Duplex } from "node:stream";
import pg from "pg";

/** A connection to the server that clients take turns on. */
export interface ServerConnection {
  readonly stream: Duplex;
  /** What the server said of itself when it was opened. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Who gets a free connection next: the one that rested longest goes round, the newest comes again and again. */
export type Turn = "oldest" | "newest";

/** The few connections of one database. */
export interface ServerConnections {
  /** Waits for a free one, and opens it if there are not yet enough. */
  take(): Promise<ServerConnection>;
  giveBack(connection: ServerConnection): void;
  /** Closes one that is in no state to be given to anybody else. */
  discard(connection: ServerConnection): void;
  close(): void;
}

interface Waiting {
  resolve(connection: ServerConnection): void;
  reject(error: unknown): void;
}

/** Opens up to `most` connections to the database of `url`, when they are asked for. */
export function serverConnections(url: string, most: number, turn: Turn): ServerConnections {
  const free: ServerConnection[] = [];
  const all = new Set<ServerConnection>();
  const waiting: Waiting[] = [];
  let opened = 0;

  async function open(): Promise<ServerConnection> {
    opened++;
    try {
      const connection = await connect(url);
      all.add(connection);
      connection.stream.once("close", () => forget(connection));
      return connection;
    } catch (error) {
      opened--;
      throw error;
    }
  }

  function forget(connection: ServerConnection): void {
    if (!all.delete(connection)) return;
    opened--;
    if (free.includes(connection)) free.splice(free.indexOf(connection), 1);
    const next = waiting.shift();
    if (next !== undefined) open().then(next.resolve, next.reject);
  }

  return {
    take() {
      const next = turn === "oldest" ? free.shift() : free.pop();
      if (next !== undefined) return Promise.resolve(next);
      if (opened < most) return open();
      return new Promise((resolve, reject) => void waiting.push({ resolve, reject }));
    },
    giveBack(connection) {
      if (!all.has(connection)) return;
      const next = waiting.shift();
      if (next === undefined) free.push(connection);
      else next.resolve(connection);
    },
    discard(connection) {
      connection.stream.destroy();
      forget(connection);
    },
    close() {
      for (const { stream } of all) stream.destroy();
    },
  };
}

/** Lets `pg` log in, whatever the server asks for, and takes the stream from it. */
async function connect(url: string): Promise<ServerConnection> {
  const client = new pg.Client({ connectionString: url, application_name: "pooler" });
  const parameters = new Map<string, string>();
  client.on("error", () => {});
  client.connection.on(
    "parameterStatus",
    (said: { readonly parameterName: string; readonly parameterValue: string }) =>
      parameters.set(said.parameterName, said.parameterValue),
  );
  await client.connect();
  const { stream } = client.connection;
  stream.removeAllListeners("data");
  return { stream, parameters };
}
