import type { Agenda, MaintainStore, PassAnswer, PromoteAnswer } from "../contract/maintain.ts";
import { type ClaimedRow, claimedJobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { keepStates } from "./engine/generation.ts";
import { keepKeys } from "./engine/idempotency-key.ts";
import { copyStatement, firstGate } from "./engine/move-job.ts";
import { leftOverPermits } from "./engine/permits.ts";
import { drawRange } from "./engine/sequence.ts";
import type { Session } from "./engine/session.ts";
import { claimedColumns } from "./rows.ts";

const dayMs = 86_400_000;

/**
 * A wait for the writer longer than this may be an outage all workers share. Not 0: four busy processes are in each other's
 * way three times in four, and a rescue would be put off for as long as they are.
 */
const outageMs = 250;

/** Chores any process may do at any time. */
export function createMaintainStore(connection: Connection): MaintainStore {
  return {
    async promoteJobs(limit, now) {
      // Mostly nothing is due, and looking does not take the writer.
      const agenda = await connection.read(readAgenda);
      if (agenda.nextDueAt === null || agenda.nextDueAt > now) {
        return { rows: 0, more: false, queues: [], gates: [], ...agenda };
      }
      return connection.write((session) => promote(session, limit, now));
    },
    async listOrphans(limit) {
      const rows = await connection.writeSoon(
        (session) => session.all<ClaimedRow>(orphans, limit),
        outageMs,
      );
      return rows?.map(claimedJobOf);
    },
    // Pages of rows that have left are used again, and no snapshot of a reader keeps them from it.
    reclaimSpace: async () => ({ moved: 0, pending: false }),

    async pruneJobs(limit, now) {
      const today = Math.floor(now / dayMs);
      const due = await connection.read((session) => session.get(anyExpired, { today, now }));
      if (due === undefined) return { rows: 0, more: false };
      return connection.write((session) => prune(session, limit, today, now));
    },
  };
}

/**
 * Index: holdfast_later_due, holdfast_schedule_due and holdfast_operation_running, each at its front; of holdfast_blocked the first
 * row there is. Locks: none. Races: what comes after it is found by the next look. Cost: an idle worker asks no more than this, so
 * what other passes need to know is asked here too.
 */
const agendaStatement = `
  SELECT (SELECT min(run_at) FROM holdfast_later) AS nextDueAt,
    (SELECT min(due_at) FROM holdfast_schedule WHERE due_at IS NOT NULL) AS nextTickAt,
    EXISTS (SELECT 1 FROM holdfast_blocked) AS waiting,
    EXISTS (SELECT 1 FROM holdfast_operation WHERE state = 'running') AS operating`;

type AgendaRow = Pick<Agenda, "nextDueAt" | "nextTickAt"> & {
  readonly waiting: number;
  readonly operating: number;
};

function readAgenda(session: Session): Agenda {
  const row = session.get<AgendaRow>(agendaStatement);
  return {
    nextDueAt: row?.nextDueAt ?? null,
    nextTickAt: row?.nextTickAt ?? null,
    waiting: row?.waiting === 1,
    operating: row?.operating === 1,
  };
}

/** The same rows in the same order for all statements of one promotion. */
const dueRows =
  "SELECT id FROM holdfast_later WHERE run_at <= $now ORDER BY run_at, id LIMIT $limit";

const inOrder = "CAST($seq + row_number() OVER (ORDER BY run_at, id) AS INTEGER)";

/**
 * Index: holdfast_later_due from its front, then the primary keys. Locks: the one writer of the file.
 * Races: none inside it. Cost: per job one row copied and one removed.
 */
const promoteDue = copyStatement(
  "later",
  "live",
  { seq: inOrder },
  `id IN (${dueRows}) AND gates IS NULL ORDER BY run_at, id`,
);

/** The same for jobs that have to be admitted first. */
const promoteGated = copyStatement(
  "later",
  "blocked",
  { seq: inOrder, gate: firstGate },
  `id IN (${dueRows}) AND gates IS NOT NULL ORDER BY run_at, id`,
);

/** What is due, by queue and by the gate that comes first, NULL for most. */
const dueByPlace = `
  SELECT queue, ${firstGate} AS gate, count(*) AS jobs FROM holdfast_later
  WHERE id IN (${dueRows}) GROUP BY queue, gate`;

interface DuePlace {
  readonly queue: string;
  readonly gate: string | null;
  readonly jobs: number;
}

function promote(session: Session, limit: number, now: number): PromoteAnswer {
  const batch = { now, limit };
  const places = session.all<DuePlace>(dueByPlace, batch);
  const rows = places.reduce((sum, { jobs }) => sum + jobs, 0);
  const queues = places.flatMap(({ queue, gate }) => (gate === null ? [queue] : []));
  const gates = new Set(places.flatMap(({ gate }) => gate ?? []));
  const { seq } = drawRange(session, 0, rows);
  if (queues.length > 0) session.run(promoteDue, { ...batch, seq });
  if (gates.size > 0) session.run(promoteGated, { ...batch, seq });
  session.run(`DELETE FROM holdfast_later WHERE id IN (${dueRows})`, batch);
  return {
    rows,
    more: rows === limit,
    queues,
    gates: [...gates],
    ...readAgenda(session),
  };
}

/** Index: holdfast_live_running, all of it. Locks: the one writer of the file. Races: the rescuer settles under these leases. */
const orphans = `
  SELECT ${claimedColumns} FROM holdfast_live INDEXED BY holdfast_live_running
  WHERE owner IS NOT NULL AND owner NOT IN (SELECT id FROM holdfast_worker WHERE dead = 0)
  ORDER BY id LIMIT ?`;

/**
 * Index: the two bucket indexes, the two of keys past their time and the one of full token buckets, each at its front; then
 * keylock's primary key. Locks: none.
 */
const anyExpired = `
  SELECT 1 WHERE EXISTS (SELECT 1 FROM holdfast_done WHERE bucket < $today)
    OR EXISTS (SELECT 1 FROM holdfast_dead WHERE bucket < $today)
    OR EXISTS (SELECT 1 FROM holdfast_uniq WHERE until <= $now)
    OR EXISTS (SELECT 1 FROM holdfast_idempotency WHERE until <= $now)
    OR EXISTS (SELECT 1 FROM holdfast_bucket WHERE full_at <= $now * 1000)
    OR EXISTS (${leftOverPermits})`;

/**
 * Index: the table's index of expiry from its front, then its primary key. Locks: the one writer of the file.
 * Races: none inside it. Cost: one row removed each.
 */
const removals = (["done", "dead"] as const).map((table) => {
  const expired = `SELECT id FROM holdfast_${table} WHERE bucket < $today ORDER BY bucket LIMIT $limit`;
  return {
    goWith: [
      keepKeys(table, expired),
      keepStates(table, expired),
      `DELETE FROM holdfast_joblog WHERE job IN (${expired})`,
    ],
    remove: `DELETE FROM holdfast_${table} WHERE id IN (${expired})`,
  };
});

const removeKeys = ["uniq", "idempotency"].map(
  (table) => `DELETE FROM holdfast_${table} WHERE (name, key) IN (
    SELECT name, key FROM holdfast_${table} WHERE until <= $now ORDER BY until LIMIT $limit)`,
);

/** A full bucket is the same as none. */
const removeFullBuckets = `
  DELETE FROM holdfast_bucket WHERE key IN (
    SELECT key FROM holdfast_bucket WHERE full_at <= $now * 1000 ORDER BY full_at LIMIT $limit)`;

const removeLeftOverPermits = `
  DELETE FROM holdfast_keylock WHERE (key, job) IN (${leftOverPermits} LIMIT $limit)`;

function prune(session: Session, limit: number, today: number, now: number): PassAnswer {
  let rows = 0;
  for (const { goWith, remove } of removals) {
    const expired = { today, limit: limit - rows };
    for (const sql of goWith) session.run(sql, expired);
    rows += session.run(remove, expired);
  }
  for (const sql of [...removeKeys, removeFullBuckets])
    rows += session.run(sql, { now, limit: limit - rows });
  rows += session.run(removeLeftOverPermits, { limit: limit - rows });
  return { rows, more: rows === limit };
}
