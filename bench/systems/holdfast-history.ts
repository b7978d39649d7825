import { finishOneOfEach } from "./holdfast-backlog.ts";
import type { Library } from "./holdfast.ts";
import { expireDay, fillStats } from "./holdfast-stats.ts";
import { rowsOf } from "./sql-rows.ts";

/** One in so many jobs was discarded. */
const failedOneIn = 20;
const names = 20;
const queues = 5;
const weekMs = 7 * 86_400_000;

/** What each copy has of its own, by its number `n`; `from` is when the first was enqueued, `stepMs` lies between two. */
function ownValues(
  from: number,
  stepMs: number,
  payload: string,
): Readonly<Record<string, string>> {
  const at = `${from} + n * ${stepMs}`;
  return {
    name: `'name-' || (n % ${names})`,
    queue: `'queue-' || (n % ${queues})`,
    created_at: at,
    run_at: at,
    finished_at: `${at} + 50`,
    payload,
  };
}

const payload = `'{"customer":{"id":' || (n % 1000) || '},"text":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}'`;

/** A week of finished jobs of many names and queues: one of each kind through the interface, then copied with values of their own. */
export async function historyOnPostgres(
  library: Library,
  url: string,
  jobs: number,
): Promise<void> {
  await finishOneOfEach(library, url);
  const failed = Math.round(jobs / failedOneIn);
  for (const [table, rows] of [
    ["done", jobs - failed],
    ["dead", failed],
  ] as const) {
    const own = ownValues(Date.now() - weekMs, Math.floor(weekMs / rows), `(${payload})::json`);
    const columns = await rowsOf<{ name: string }>(
      url,
      `SELECT attname AS name FROM pg_attribute
       WHERE attrelid = 'holdfast.${table}'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id'`,
    );
    const list = columns.map(({ name }) => name);
    await rowsOf(
      url,
      `INSERT INTO holdfast.${table} (id, ${list.join(", ")})
       SELECT nextval('holdfast.job_id'), ${list.map((name) => own[name] ?? name).join(", ")}
       FROM (SELECT * FROM holdfast.${table} LIMIT 1) one, generate_series(1, ${rows}) n`,
    );
  }
  await rowsOf(
    url,
    `INSERT INTO holdfast.done_expiry (bucket, ids)
     SELECT (finished_at + ${weekMs}) / 86400000, array_agg(id) FROM holdfast.done GROUP BY 1, id / 1000`,
  );
  for (const sql of fillStats("holdfast.stat")) await rowsOf(url, sql);
  await rowsOf(url, "VACUUM ANALYZE");
}

/** Lets a day of it expire. */
export async function expireOnPostgres(url: string): Promise<void> {
  await rowsOf(url, expireDay("postgres"));
}

/** The same on SQLite. */
export async function expireOnSqlite(url: string): Promise<void> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(url.slice("sqlite:".length));
  database.exec(expireDay("sqlite"));
  database.close();
}

/** The same on SQLite, where ids count up from the largest. */
export async function historyOnSqlite(library: Library, url: string, jobs: number): Promise<void> {
  await finishOneOfEach(library, url);
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(url.slice("sqlite:".length));
  const failed = Math.round(jobs / failedOneIn);
  let first = 1_000;
  for (const [table, rows] of [
    ["done", jobs - failed],
    ["dead", failed],
  ] as const) {
    const stepMs = Math.floor(weekMs / rows);
    const own: Readonly<Record<string, string>> = {
      ...ownValues(Date.now() - weekMs, stepMs, payload),
      bucket: `(${Date.now() - weekMs} + n * ${stepMs} + ${weekMs}) / 86400000`,
    };
    const columns = database
      .prepare("SELECT name FROM pragma_table_info(?) WHERE name <> 'id'")
      .all(`holdfast_${table}`)
      .map(({ name }) => String(name));
    const values = columns.map((name) => own[name] ?? name).join(", ");
    database.exec(
      `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${rows})
       INSERT INTO holdfast_${table} (id, ${columns.join(", ")})
       SELECT ${first} + n, ${values} FROM s, (SELECT * FROM holdfast_${table} LIMIT 1) one`,
    );
    first += rows;
  }
  for (const sql of fillStats("holdfast_stat")) database.exec(sql);
  database.exec(`UPDATE holdfast_sequence SET id = max(id, ${first})`);
  database.close();
}
