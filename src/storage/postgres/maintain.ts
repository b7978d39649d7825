import type { MaintainStore, PassAnswer } from "../contract/maintain.ts";
import { type ClaimedRow, claimedJobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { dropLog } from "./engine/drop-log.ts";
import { outlive } from "./engine/generations.ts";
import { createPromotion } from "./engine/promotion.ts";
import { createRing } from "./engine/ring.ts";
import type { Query } from "./engine/session.ts";
import { claimedColumns } from "./rows.ts";

const dayMs = 86_400_000;

/** Chores any process may do at any time. */
export function createMaintainStore(connection: Connection): MaintainStore {
  const { schema } = connection;
  const ring = createRing(connection);

  return {
    promoteJobs: createPromotion(connection),

    async listOrphans(limit) {
      const rows = await connection.read<ClaimedRow>(orphans(schema), [limit]);
      return rows.map(claimedJobOf);
    },

    reclaimSpace: ring.reclaim,

    async pruneJobs(limit, now) {
      const tidied = await tidyGates(connection, now);
      const today = Math.floor(now / dayMs);
      const [found] = await connection.read<{ readonly any: boolean }>(anyExpired(schema), [
        today,
        now,
      ]);
      if (found?.any !== true) return tidied;
      const pruned = await connection.atomically((query) =>
        prune(query, schema, limit, today, now),
      );
      return { rows: pruned.rows + tidied.rows, more: pruned.more || tidied.more };
    },
  };
}

/** Looked for every few minutes: what is left at gates nobody came to again. */
const mostTidied = 100;

/**
 * Removes permits whose jobs have ended, each under its gate's lock as an admission does it, and buckets that have been full
 * for a day, which are the same as none.
 */
async function tidyGates(
  { schema, read, write, atomically }: Connection,
  now: number,
): Promise<PassAnswer> {
  const find = `SELECT gate FROM ${schema}.stale_gates($1) AS gate`;
  const gates = (await read<{ readonly gate: string }>(find, [mostTidied])).map(({ gate }) => gate);
  const tidy = `SELECT ${schema}.tidy($1) AS removed`;
  const [permits] =
    gates.length === 0
      ? []
      : await atomically((query) => query<{ readonly removed: number }>(tidy, [gates]));
  const buckets = await write(removeFull(schema), [(now - dayMs) * 1_000, mostTidied]);
  return {
    rows: (permits?.removed ?? 0) + buckets.length,
    more: Math.max(gates.length, buckets.length) === mostTidied,
  };
}

/** Walks every bucket; an index would make taking tokens dearer. Rows locked: those removed, which are looked at again. */
function removeFull(schema: string): string {
  return `DELETE FROM ${schema}.bucket WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${schema}.bucket WHERE full_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING 1`;
}

/**
 * Walks all of live once: the owner is in no index, because claims write it. Rows locked: none. Race: whoever ends the lease;
 * the rescuer settles under it.
 */
function orphans(schema: string): string {
  return `SELECT ${claimedColumns} FROM ${schema}.live l
    WHERE owner IS NOT NULL
      AND NOT EXISTS (SELECT FROM ${schema}.worker w WHERE w.id = l.owner AND NOT w.dead)
    ORDER BY l.id LIMIT $1`;
}

/** Index walked: each index of expiry to its first entry. A condition instead of the minimum would walk the whole table. */
function anyExpired(schema: string): string {
  return `SELECT coalesce((SELECT min(bucket) FROM ${schema}.done_expiry) < $1, false)
    OR coalesce((SELECT min(bucket) FROM ${schema}.dead) < $1, false)
    OR coalesce((SELECT min(until) FROM ${schema}.uniq) <= $2, false)
    OR coalesce((SELECT min(until) FROM ${schema}.idempotency) <= $2, false) AS any`;
}

async function prune(
  query: Query,
  schema: string,
  limit: number,
  today: number,
  now: number,
): Promise<PassAnswer> {
  // Who comes second would only add load: whoever is at it goes on until all is gone.
  const [turn] = await query<{ readonly mine: boolean }>(takeTurn(schema), []);
  if (turn?.mine !== true) return { rows: 0, more: false };
  const done = await pruneDone(query, schema, limit, today);
  let { rows } = done;
  rows += (await query(removeDead(schema), [today, limit - rows])).length;
  for (const table of ["uniq", "idempotency"]) {
    rows += (await query(removeKeys(`${schema}.${table}`), [now, limit - rows])).length;
  }
  return { rows, more: done.more || rows === limit };
}

/** One pruner at a time, by a lock that goes with its transaction. */
function takeTurn(schema: string): string {
  return `SELECT pg_try_advisory_xact_lock(${schema}.gate_lock('pass:prune')) AS mine`;
}

/** The most statements of one pass: lists whose jobs are gone cost a look each and remove nothing. */
const mostLooks = 20;

/** A list may name few jobs, so lists are taken as long as that gets anywhere. */
async function pruneDone(
  query: Query,
  schema: string,
  limit: number,
  today: number,
): Promise<PassAnswer> {
  let rows = 0;
  for (let look = 0; look < mostLooks && rows < limit; look += 1) {
    const [done] = await query<{ readonly removed: number; readonly again: boolean }>(
      removeListed(schema),
      [today, limit - rows],
    );
    rows += done?.removed ?? 0;
    if (done?.again !== true) return { rows, more: false };
  }
  return { rows, more: true };
}

/** Index walked: dead_expiry, from its front. Rows locked: those removed; locked ones are skipped. */
function removeDead(schema: string): string {
  return `WITH removed AS (
      DELETE FROM ${schema}.dead WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${schema}.dead WHERE bucket < $1 ORDER BY bucket LIMIT $2 FOR UPDATE SKIP LOCKED))
      RETURNING id, finished_at, unique_key, checkpoint
    ), ${outlive(schema)}, ${dropLog(schema, "removed")}
    SELECT 1 FROM removed`;
}

/** Index walked: the one of keys with a time, from its front. Rows locked: those removed; locked ones are skipped. */
function removeKeys(table: string): string {
  return `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE until <= $1 ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING 1`;
}

/**
 * Index walked: done_expiry_bucket from its front, then done's primary key. Rows locked: a few lists, and the jobs removed;
 * locked ones are skipped. What a list names beyond the limit or behind a lock goes into a new list; what is gone by now is
 * forgotten. Race: another pruner, which takes the next lists. Cost: one row removed per job.
 */
function removeListed(schema: string): string {
  return `
    WITH front AS MATERIALIZED (
      SELECT ctid AS place, cardinality(ids) AS jobs FROM ${schema}.done_expiry
      WHERE bucket < $1 ORDER BY bucket LIMIT 32 FOR UPDATE SKIP LOCKED
    ), counted AS (
      SELECT place, sum(jobs) OVER (ROWS UNBOUNDED PRECEDING) - jobs AS before FROM front
    ), taken AS (
      DELETE FROM ${schema}.done_expiry
      WHERE ctid = ANY (ARRAY(SELECT place FROM counted WHERE before < $2)) RETURNING bucket, ids
    ), listed AS MATERIALIZED (
      SELECT taken.bucket, i.id, row_number() OVER () > $2 AS beyond FROM taken CROSS JOIN unnest(taken.ids) AS i(id)
    ), removed AS (
      DELETE FROM ${schema}.done WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${schema}.done WHERE id = ANY (ARRAY(SELECT id FROM listed WHERE NOT beyond))
        FOR UPDATE SKIP LOCKED))
      RETURNING id, finished_at, unique_key, checkpoint
    ), ${outlive(schema)}, ${dropLog(schema, "removed")}, stuck AS MATERIALIZED (
      SELECT id FROM ${schema}.done WHERE id = ANY (ARRAY(SELECT id FROM listed WHERE NOT beyond))
      EXCEPT SELECT id FROM removed
    ), back AS (
      INSERT INTO ${schema}.done_expiry (bucket, ids) SELECT bucket, array_agg(id) FROM listed
      WHERE beyond OR id = ANY (ARRAY(SELECT id FROM stuck)) GROUP BY bucket
    )
    SELECT (SELECT count(*)::integer FROM removed) AS removed,
      (SELECT count(*) FROM listed WHERE NOT beyond) > (SELECT count(*) FROM stuck) AS again`;
}
