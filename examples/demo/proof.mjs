// @ts-check
import { open } from "node:fs/promises";
import { countFile } from "./count-file.mjs";

/**
 * What the tables say once every job has finished.
 * @typedef {{
 *   readable: number, once: number, twice: string[], missing: string[], strangers: string[],
 *   discarded: import("holdfast").Job[], lines: number, bytes: number, workers: number, holds: boolean
 * }} Proof
 */

/**
 * Compares the application's own table with the files that were walked: every readable file is there exactly once,
 * every other one is a discarded job, and nothing else is there.
 * @param {import("holdfast").Client} client
 * @param {string} table
 * @param {readonly string[]} paths everything enqueued
 * @returns {Promise<Proof>}
 */
export async function prove(client, table, paths) {
  const times = await timesCounted(client, table);
  const discarded = await discardedJobs(client);
  const given = new Set(discarded.map((job) => pathOf(job)));
  const uncounted = paths.filter((path) => !times.has(path));
  const excused = new Set();
  for (const path of uncounted) if (given.has(path) && !(await isReadable(path))) excused.add(path);
  const enqueued = new Set(paths);
  const found = {
    readable: paths.length - excused.size,
    once: [...times.values()].filter((number) => number === 1).length,
    twice: [...times.keys()].filter((path) => times.get(path) !== 1),
    missing: uncounted.filter((path) => !excused.has(path)),
    strangers: [...times.keys()].filter((path) => !enqueued.has(path)),
    discarded,
    ...(await totals(client, table)),
  };
  const wrong = found.twice.length + found.missing.length + found.strangers.length;
  return { ...found, holds: wrong === 0 && found.once === found.readable };
}

/**
 * @param {import("holdfast").Client} client
 * @param {string} table
 * @returns {Promise<Map<string, number>>}
 */
async function timesCounted(client, table) {
  const sql = `SELECT path, count(*) AS times FROM ${table} GROUP BY path`;
  const { rows } = await client.transaction((tx) => tx.query(sql));
  return new Map(rows.map((row) => [String(row["path"]), Number(row["times"])]));
}

/**
 * @param {import("holdfast").Client} client
 * @param {string} table
 */
async function totals(client, table) {
  const sql = `SELECT sum(lines) AS lines, sum(bytes) AS bytes, count(DISTINCT worker) AS workers FROM ${table}`;
  const { rows } = await client.transaction((tx) => tx.query(sql));
  const of = /** @param {string} name */ (name) => Number(rows[0]?.[name] ?? 0);
  return { lines: of("lines"), bytes: of("bytes"), workers: of("workers") };
}

/** @param {import("holdfast").Client} client */
async function discardedJobs(client) {
  const filter = /** @type {const} */ ({ name: countFile.name, state: "discarded", limit: 1_000 });
  /** @type {import("holdfast").Job[]} */
  const found = [];
  for (let after = /** @type {string | null | undefined} */ (undefined); after !== null; ) {
    const page = await client.jobs.list(after === undefined ? filter : { ...filter, after });
    found.push(...page.jobs);
    after = page.next;
  }
  return found.toReversed();
}

/** @param {import("holdfast").Job} job */
export const pathOf = (job) => /** @type {{ path: string }} */ (job.payload).path;

/** @param {string} path */
async function isReadable(path) {
  try {
    const file = await open(path);
    try {
      await file.read(Buffer.alloc(1), 0, 1, 0);
    } finally {
      await file.close();
    }
    return true;
  } catch {
    return false;
  }
}
