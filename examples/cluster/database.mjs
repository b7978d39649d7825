// @ts-check
import { createClient } from "holdfast";

/** On PostgreSQL everything of the example lives in this schema, which each run replaces. */
const schema = "holdfast_cluster";

/** @param {string} url */
export const isPostgres = (url) => /^postgres(ql)?:/i.test(url);

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** @param {string} url */
export const openClient = (url) =>
  createClient(isPostgres(url) ? { url, schema, logger: quiet } : { url, logger: quiet });

/**
 * A client of a database without jobs that keeps a history: whenever jobs begin or end, how many of each worker's run.
 * @param {string} url
 */
export async function openFreshClient(url) {
  if (isPostgres(url)) await dropSchema(url);
  const client = await openClient(url);
  const statements = isPostgres(url) ? postgresHistory : sqliteHistory;
  await client.transaction(async (tx) => {
    for (const sql of statements) await tx.query(sql);
  });
  return client;
}

/** @param {string} url */
async function dropSchema(url) {
  const { default: pg } = await import("pg");
  const connection = new pg.Client(url);
  await connection.connect();
  await connection.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await connection.end();
}

const postgresHistory = [
  `CREATE TABLE ${schema}.history (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at bigint NOT NULL, running text NOT NULL)`,
  `CREATE FUNCTION ${schema}.note_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO ${schema}.history (at, running)
    SELECT floor(extract(epoch FROM clock_timestamp()) * 1000), coalesce(json_object_agg(owner, jobs), '{}')::text
    FROM (SELECT owner, count(*) AS jobs FROM ${schema}.live WHERE owner IS NOT NULL GROUP BY owner) r;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER note_history AFTER UPDATE OR DELETE ON ${schema}.live
    FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.note_history()`,
];

const noteHistory = `
  INSERT INTO history (at, running)
  SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), coalesce(json_group_object(owner, jobs), '{}')
  FROM (SELECT owner, count(*) AS jobs FROM holdfast_live WHERE owner IS NOT NULL GROUP BY owner);`;

const sqliteHistory = [
  "CREATE TABLE history (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, running TEXT NOT NULL)",
  `CREATE TRIGGER note_begun AFTER UPDATE OF owner ON holdfast_live BEGIN ${noteHistory} END`,
  `CREATE TRIGGER note_ended AFTER DELETE ON holdfast_live BEGIN ${noteHistory} END`,
];

/**
 * @typedef {{ at: number, running: ReadonlyMap<string, number> }} Moment how many jobs of each worker ran from then on
 * @param {import("holdfast").Client} client
 * @param {string} url
 * @returns {Promise<Moment[]>}
 */
export function readHistory(client, url) {
  const table = isPostgres(url) ? `${schema}.history` : "history";
  return client.transaction(async (tx) => {
    const { rows } = await tx.query(`SELECT at, running FROM ${table} ORDER BY id`);
    return rows.map((row) => ({
      at: Number(row["at"]),
      running: new Map(
        Object.entries(/** @type {Record<string, number>} */ (JSON.parse(String(row["running"])))),
      ),
    }));
  });
}
