import pg from "pg";
import { expect, test } from "vitest";
import { freshDatabase } from "../support/fresh-database.ts";
import { startPostgres } from "../support/postgres-server.ts";

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, query_timeout: 300 });
  client.on("error", () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(sql);
    return rows[0]?.answer;
  } finally {
    await client.end().catch(() => {});
  }
}

test("the throw-away server starts, keeps its data over a crash, freezes and thaws", async () => {
  const server = await startPostgres();
  try {
    const database = await freshDatabase(server.url);
    await ask(database.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await server.restart({ mode: "immediate" });
    await expect(ask(database.url, "SELECT answer FROM kept")).resolves.toBe(42);

    const client = new pg.Client({ connectionString: database.url, query_timeout: 300 });
    client.on("error", () => {});
    await client.connect();
    server.pause();
    await expect(client.query("SELECT 1")).rejects.toThrow("timeout");
    server.resume();
    await client.end();
    await expect(ask(database.url, "SELECT 1 AS answer")).resolves.toBe(1);

    await database.drop();
    await expect(ask(database.url, "SELECT 1 AS answer")).rejects.toThrow("does not exist");
  } finally {
    await server.stop();
  }
});
