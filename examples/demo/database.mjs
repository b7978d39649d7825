// @ts-check
import { createClient } from "holdfast";

/** On PostgreSQL everything of the demo lives in this schema, which each run replaces. */
export const schema = "holdfast_demo";

/** @param {string} url */
export const isPostgres = (url) => /^postgres(ql)?:/i.test(url);

/**
 * The name of the application's own table.
 * @param {string} url
 */
export const filesTable = (url) => (isPostgres(url) ? `${schema}.files` : "files");

/** @param {string} url */
export const openClient = (url) => createClient(isPostgres(url) ? { url, schema } : { url });

/**
 * A client of a database without jobs, and with the application's own table beside Holdfast's. The table has no unique
 * constraint: a file counted twice would be there twice.
 * @param {string} url
 */
export async function openFreshClient(url) {
  if (isPostgres(url)) await dropSchema(url);
  const client = await openClient(url);
  await client.transaction((tx) =>
    tx.query(`CREATE TABLE ${filesTable(url)} (
      path text NOT NULL, sha256 text NOT NULL, lines bigint NOT NULL, bytes bigint NOT NULL,
      worker text NOT NULL, attempt integer NOT NULL)`),
  );
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
