import type { MaintainStore, PassAnswer } from "../contract/maintain.ts";
import { type ClaimedRow, claimedJobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { createDueFloor } from "./engine/due-floor.ts";
import { createRing } from "./engine/ring.ts";
import type { Query } from "./engine/session.ts";
import { claimedColumns, insertFrom, jobColumns } from "./rows.ts";

const dayMs = 86_400_000;

/** Chores any process may do at any time. */
export function createMaintainStore(connection: Connection): MaintainStore {
  const { schema } = connection;
  const ring = createRing(connection);

  const floor = createDueFloor();

  async function nextDue(query: Query, from: number): Promise<number | null> {
    const sql = `SELECT min(run_at)::text AS due FROM ${schema}.later WHERE run_at >= $1`;
    const [row] = await query<{ readonly due: string | null }>(sql, [from]);
    const due = row?.due ?? null;
    return due === null ? null : Number(due);
  }

  return {
    async promoteJobs(limit, now) {
      const from = floor.next(now);
      // Mostly nothing is due, and looking locks nothing.
      const next = await nextDue(connection.read, from);
      if (next === null || next > now) {
        floor.passed(from, now);
        return { rows: 0, more: false, queues: [], nextDueAt: next };
      }
      return connection.atomically(async (query) => {
        const moved = await query<{ readonly queue: string; readonly jobs: number }>(
          promoteStatement(schema),
          [now, limit, from],
        );
        const rows = moved.reduce((sum, { jobs }) => sum + jobs, 0);
        const queues = moved.map(({ queue }) => queue);
        return { rows, more: rows === limit, queues, nextDueAt: await nextDue(query, from) };
      });
    },

    async listOrphans(limit) {
      const rows = await connection.read<ClaimedRow>(orphans(schema), [limit]);
      return rows.map(claimedJobOf);
    },

    reclaimSpace: ring.reclaim,

    async pruneJobs(limit, now) {
      const today = Math.floor(now / dayMs);
      const [found] = await connection.read<{ readonly any: boolean }>(anyExpired(schema), [
        today,
        now,
      ]);
      if (found?.any !== true) return { rows: 0, more: false };
      return connection.atomically((query) => prune(query, schema, limit, today, now));
    },
  };
}

/**
 * Index walked: later_due from the floor, then later's primary key. Rows locked: those moved, in order of their time; locked
 * ones are skipped. Race: a cancel or another promotion has the row, or finds it gone. Cost: one row removed and one
 * written per job; the order numbers rise with the due times because volatile columns are computed after the sort.
 */
function promoteStatement(schema: string): string {
  const columns = jobColumns.map((column) => `l.${column}`).join(", ");
  const moved = insertFrom(`${schema}.live`, { seq: `nextval('${schema}.job_seq')` }, "job");
  return `
    WITH due AS MATERIALIZED (
      SELECT id FROM ${schema}.later WHERE run_at <= $1 AND run_at >= $3 ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
    ), job AS (
      DELETE FROM ${schema}.later l WHERE id = ANY (ARRAY(SELECT id FROM due)) RETURNING ${columns}
    ), moved AS (
      ${moved} ORDER BY run_at, id RETURNING queue
    )
    SELECT queue, count(*)::integer AS jobs FROM moved GROUP BY queue`;
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
  return `SELECT coalesce((SELECT min(bucket) FROM ${schema}.done) < $1, false)
    OR coalesce((SELECT min(bucket) FROM ${schema}.dead) < $1, false)
    OR coalesce((SELECT min(until) FROM ${schema}.uniq) <= $2, false) AS any`;
}

async function prune(
  query: Query,
  schema: string,
  limit: number,
  today: number,
  now: number,
): Promise<PassAnswer> {
  const expired = [
    { table: "done", condition: "bucket < $1 ORDER BY bucket", at: today },
    { table: "dead", condition: "bucket < $1 ORDER BY bucket", at: today },
    { table: "uniq", condition: "until <= $1 ORDER BY until", at: now },
  ] as const;
  let rows = 0;
  for (const { table, condition, at } of expired) {
    const removed = await query(removeExpired(`${schema}.${table}`, condition), [at, limit - rows]);
    rows += removed.length;
  }
  return { rows, more: rows === limit };
}

/** Index walked: the table's index of expiry, from its front. Rows locked: those removed; locked ones are skipped. */
function removeExpired(table: string, condition: string): string {
  return `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE ${condition} LIMIT $2 FOR UPDATE SKIP LOCKED))
    RETURNING 1`;
}
