import type { MaintainStore, PassAnswer, PromoteAnswer } from "../contract/maintain.ts";
import { type ClaimedRow, claimedJobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { copyStatement } from "./engine/move-job.ts";
import { drawRange } from "./engine/sequence.ts";
import type { Session } from "./engine/session.ts";
import { claimedColumns } from "./rows.ts";

const dayMs = 86_400_000;

/** A wait for the writer longer than this may be an outage all workers share. */
const outageMs = 0;

/** Chores any process may do at any time. */
export function createMaintainStore(connection: Connection): MaintainStore {
  return {
    async promoteJobs(limit, now) {
      // Mostly nothing is due, and looking does not take the writer.
      const nextDueAt = await connection.read(earliestDue);
      if (nextDueAt === null || nextDueAt > now) {
        return { rows: 0, more: false, queues: [], nextDueAt };
      }
      return connection.write((session) => promote(session, limit, now));
    },
    async listOrphans(limit) {
      const rows = await connection.writeSoon(
        (session) => session.all<ClaimedRow>(orphans, limit),
        outageMs,
      );
      return (rows ?? []).map(claimedJobOf);
    },
    async pruneJobs(limit, now) {
      const today = Math.floor(now / dayMs);
      const due = await connection.read((session) => session.get(anyExpired, { today }));
      if (due === undefined) return { rows: 0, more: false };
      return connection.write((session) => prune(session, limit, today));
    },
  };
}

function earliestDue(session: Session): number | null {
  const row = session.get<{ readonly due: number | null }>(
    "SELECT min(run_at) AS due FROM holdfast_later",
  );
  return row?.due ?? null;
}

/** The same rows in the same order for all statements of one promotion. */
const dueRows =
  "SELECT id FROM holdfast_later WHERE run_at <= $now ORDER BY run_at, id LIMIT $limit";

/**
 * Index: holdfast_later_due from its front, then the primary keys. Locks: the one writer of the file.
 * Races: none inside it. Cost: per job one row copied and one removed.
 */
const promoteDue = copyStatement(
  "later",
  "live",
  { seq: "CAST($seq + row_number() OVER (ORDER BY run_at, id) AS INTEGER)" },
  `id IN (${dueRows}) ORDER BY run_at, id`,
);

function promote(session: Session, limit: number, now: number): PromoteAnswer {
  const batch = { now, limit };
  const queues = session.all<{ readonly queue: string; readonly jobs: number }>(
    `SELECT queue, count(*) AS jobs FROM holdfast_later WHERE id IN (${dueRows}) GROUP BY queue`,
    batch,
  );
  const rows = queues.reduce((sum, { jobs }) => sum + jobs, 0);
  session.run(promoteDue, { ...batch, seq: drawRange(session, 0, rows).seq });
  session.run(`DELETE FROM holdfast_later WHERE id IN (${dueRows})`, batch);
  return {
    rows,
    more: rows === limit,
    queues: queues.map(({ queue }) => queue),
    nextDueAt: earliestDue(session),
  };
}

/** Index: holdfast_live_running, all of it. Locks: the one writer of the file. Races: the rescuer settles under these leases. */
const orphans = `
  SELECT ${claimedColumns} FROM holdfast_live
  WHERE owner IS NOT NULL AND owner NOT IN (SELECT id FROM holdfast_worker WHERE dead = 0)
  ORDER BY id LIMIT ?`;

const anyExpired = `
  SELECT 1 WHERE EXISTS (SELECT 1 FROM holdfast_done WHERE bucket < $today)
    OR EXISTS (SELECT 1 FROM holdfast_dead WHERE bucket < $today)`;

function prune(session: Session, limit: number, today: number): PassAnswer {
  const done = pruneTable(session, "done", limit, today);
  const dead = pruneTable(session, "dead", limit - done, today);
  return { rows: done + dead, more: done + dead === limit };
}

/** Index: the bucket index from its front, then the primary key. Locks: the one writer of the file. Races: none inside it. */
function pruneTable(
  session: Session,
  table: "done" | "dead",
  limit: number,
  today: number,
): number {
  return session.run(
    `DELETE FROM holdfast_${table} WHERE id IN (
       SELECT id FROM holdfast_${table} WHERE bucket < ? ORDER BY bucket, id LIMIT ?)`,
    today,
    limit,
  );
}
