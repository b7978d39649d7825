import { setTimeout as sleep } from "node:timers/promises";
import { rowsOf } from "../systems/sql-rows.ts";

/** Rows that were read without an index so far, by table. */
type Walks = ReadonlyMap<string, number>;

/** Tables with fewer rows are read whole by right. */
const small = 5_000;
/** Longer than the server takes to add up what its connections have read. */
const addedUpMs = 1_300;

/** The larger tables of PostgreSQL that a question reads without an index, with the rows it read there. */
export async function postgresWalks(
  url: string,
  ask: () => Promise<unknown>,
): Promise<readonly string[]> {
  const before = await walksOf(url);
  await ask();
  await sleep(addedUpMs);
  // A connection tells with its next statement what the one before has read.
  await ask();
  await sleep(addedUpMs);
  const after = await walksOf(url);
  return [...after].flatMap(([table, rows]) => {
    const read = rows - (before.get(table) ?? 0);
    return read >= small ? [`${table}: ${read} rows`] : [];
  });
}

async function walksOf(url: string): Promise<Walks> {
  const rows = await rowsOf<{ name: string; rows: number }>(
    url,
    "SELECT relname AS name, seq_tup_read::float8 AS rows FROM pg_stat_user_tables WHERE schemaname = 'holdfast'",
  );
  return new Map(rows.map(({ name, rows: read }) => [name, read]));
}
