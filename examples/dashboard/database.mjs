// @ts-check
import { createClient } from "holdfast";

/** @typedef {{ url: string, schema?: string }} Place where the world is */

/** @param {string} url */
export const isPostgres = (url) => /^postgres(ql)?:/i.test(url);

/**
 * @param {Place} place
 * @param {import("holdfast").ClientSettings} [settings]
 */
export function openClient({ url, schema }, settings) {
  return createClient({ url, ...(schema === undefined ? {} : { schema }), ...settings });
}

/**
 * Removes what an earlier world left in a schema.
 * @param {Required<Place>} place
 */
export async function dropSchema({ url, schema }) {
  const { default: pg } = await import("pg");
  const connection = new pg.Client(url);
  await connection.connect();
  await connection.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await connection.end();
}
