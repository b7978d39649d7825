import { randomBytes } from "node:crypto";
import pg from "pg";

/** An empty database on a server, for one test file. */
export interface FreshDatabase {
  readonly url: string;
  /** Removes it, ending every connection to it. */
  drop(): Promise<void>;
}

/** Creates a database with a name nobody else has on the server that `serverUrl` leads to. */
export async function freshDatabase(serverUrl: string): Promise<FreshDatabase> {
  const name = `holdfast_${randomBytes(6).toString("hex")}`;
  await administer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => administer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
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
