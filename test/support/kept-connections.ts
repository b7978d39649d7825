import { callbackify } from "node:util";
import pg from "pg";
import { inject } from "vitest";

/** Connections to the databases of one test file. */
export interface Connections {
  /** Leads a storage to a database; after its end `end` gives back what it was lent. */
  lend(url: string): Lent;
  /** One for the test itself, connected. */
  client(url: string): Promise<pg.Client>;
  /** Ends those that nobody has. */
  close(): Promise<void>;
}

/** Connections for one storage. */
export interface Lent {
  readonly source: { readonly url: string } | { readonly pool: pg.Pool };
  end(): Promise<void>;
}

/** As everybody makes them, each anew. */
export const newConnections: Connections = {
  lend: (url) => ({ source: { url }, end: async () => {} }),
  async client(url) {
    const client = new pg.Client(url);
    await client.connect();
    return client;
  },
  close: async () => {},
};

/**
 * Connections that outlive their use, for the next who connects in the same way: to start one, and to read the catalogue once more,
 * costs the server more than most tests do. Behind a pooler nobody has one to keep.
 */
export function keptConnections(): Connections {
  if (inject("pooled") !== undefined) return newConnections;
  const free = new Map<string, KeptClient[]>();

  function open({ Client: _Client, max: _max, ...way }: pg.PoolConfig): KeptClient {
    const name = JSON.stringify(way);
    const kept = free.get(name) ?? [];
    free.set(name, kept);
    for (let client = kept.pop(); client !== undefined; client = kept.pop()) {
      if (!client.isLost) return client;
    }
    return new KeptClient(way, (client) => kept.push(client));
  }
  // A pool makes its clients with `new`, which gives what the function returns.
  const Client = function (config: pg.PoolConfig) {
    return open(config);
  };

  return {
    lend(url) {
      // No option of the pool: a thread could not connect by them.
      const pool = Object.assign(new pg.Pool({ connectionString: url }), { Client });
      return { source: { pool }, end: () => pool.end() };
    },
    async client(url) {
      const client = open({ connectionString: url });
      await client.connect();
      return client;
    },
    async close() {
      await Promise.all([...free.values()].flat().map((client) => client.endForGood()));
    },
  };
}

type Callback = (error: Error) => void;

class KeptClient extends pg.Client {
  readonly #keep: (client: KeptClient) => void;
  #isKept = false;
  isLost = false;

  constructor(config: pg.ClientConfig, keep: (client: KeptClient) => void) {
    super(config);
    this.#keep = keep;
    this.#watch();
  }

  override connect(): Promise<this>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<this> | void {
    const connect = async () => {
      if (!this.#isKept) await super.connect();
      return this;
    };
    if (callback === undefined) return connect();
    callbackify(connect)(callback);
  }

  override end(): Promise<void>;
  override end(callback: Callback): void;
  override end(callback?: Callback): Promise<void> | void {
    const end = () => this.#giveBack();
    if (callback === undefined) return end();
    callbackify(end)(callback);
  }

  endForGood(): Promise<void> {
    return super.end();
  }

  async #giveBack(): Promise<void> {
    try {
      // One at work is cut off by its end, as everybody knows it.
      const isIdle =
        this.getTransactionStatus() === "I" && Reflect.get(this, "_activeQuery") === null;
      if (!isIdle) return await super.end();
      await this.query("DISCARD ALL");
    } catch {
      return super.end();
    }
    this.removeAllListeners();
    this.#watch();
    this.#isKept = true;
    this.#keep(this);
  }

  #watch(): void {
    this.on("error", () => {
      this.isLost = true;
    });
  }
}
