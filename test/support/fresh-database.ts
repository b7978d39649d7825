import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** An empty database on a server, for one test file. */
export interface FreshDatabase {
  /** The way that Holdfast and the applications of the tests go; in `npm run test:pooler` it leads through PgBouncer. */
  readonly url: string;
  /** Straight to the server, as one who may do everything. */
  readonly direct: string;
  /** Where to LISTEN, if that is another way. */
  readonly listen?: string;
  /** Removes it, ending every connection to it. */
  drop(): Promise<void>;
}

/** Creates a database with a name nobody else has on the server that `serverUrl` leads to. */
export async function freshDatabase(serverUrl: string): Promise<FreshDatabase> {
  const name = `holdfast_${randomBytes(6).toString("hex")}`;
  const at = (url: string) => {
    const way = new URL(url);
    way.pathname = `/${name}`;
    return way.href;
  };
  const behind = serverUrl === inject("databaseUrl") ? inject("pooled") : undefined;
  const admin = behind?.adminUrl ?? serverUrl;
  const owner = behind === undefined ? "" : ` OWNER ${behind.owner}`;
  await administer(admin, `CREATE DATABASE ${name} TEMPLATE template0${owner}`);
  return {
    url: at(serverUrl),
    direct: at(admin),
    ...(behind?.listenUrl === undefined ? {} : { listen: at(behind.listenUrl) }),
    drop: () => administer(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** True where all ways to the database lead through a pooler, so that no worker hears of anything. */
export function isDeaf(): boolean {
  const behind = inject("pooled");
  return behind !== undefined && behind.listenUrl === undefined;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
