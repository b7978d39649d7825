import pg from "pg";
import { loadSqlite } from "../../src/storage/sqlite/engine/load-sqlite.ts";

/** Runs SQL where a database is, past Holdfast; tables are named as PostgreSQL has them, in the schema `holdfast`. */
export async function runSql(
  { url, schema = "holdfast" }: { readonly url: string; readonly schema?: string },
  sql: string,
): Promise<void> {
  if (url.startsWith("sqlite:")) {
    const handle = new (await loadSqlite())(url.slice("sqlite:".length));
    handle.exec(sql.replaceAll("holdfast.", "holdfast_"));
    handle.close();
    return;
  }
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql.replaceAll("holdfast.", `"${schema}".`));
  } finally {
    await client.end();
  }
}
