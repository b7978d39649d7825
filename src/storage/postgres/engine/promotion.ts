import type { Agenda, MaintainStore } from "../../contract/maintain.ts";
import type { Connection } from "../connection.ts";
import { jobColumns } from "../rows.ts";
import { createDueFloor } from "./due-floor.ts";
import { enterBlocked, enterLive } from "./due-rows.ts";
import type { Query } from "./session.ts";

/** Makes the promotion of a schema, which remembers how far it has come. */
export function createPromotion({
  schema,
  read,
  atomically,
}: Connection): MaintainStore["promoteJobs"] {
  const floor = createDueFloor();

  async function readAgenda(query: Query, from: number): Promise<Agenda> {
    const [row] = await query<AgendaRow>(agendaStatement(schema), [from]);
    return {
      nextDueAt: timeIn(row?.job),
      nextTickAt: timeIn(row?.tick),
      waiting: row?.waiting === true,
      operating: row?.operating === true,
    };
  }

  return async (limit, now) => {
    const from = floor.next(now);
    // Mostly nothing is due, and looking locks nothing.
    const agenda = await readAgenda(read, from);
    if (agenda.nextDueAt === null || agenda.nextDueAt > now) {
      floor.passed(from, now);
      return { rows: 0, more: false, queues: [], gates: [], ...agenda };
    }
    return atomically(async (query) => {
      const moved = await query<MovedRow>(promoteStatement(schema), [now, limit, from]);
      const rows = moved.reduce((sum, { jobs }) => sum + jobs, 0);
      const queues = moved.flatMap(({ queue }) => queue ?? []);
      const gates = moved.flatMap(({ gate }) => gate ?? []);
      return { rows, more: rows === limit, queues, gates, ...(await readAgenda(query, from)) };
    });
  };
}

interface AgendaRow {
  readonly job: string | null;
  readonly tick: string | null;
  readonly waiting: boolean;
  readonly operating: boolean;
}

function timeIn(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

/**
 * Index walked: later_due from the floor, schedule_due and operation_running, each to its first entry. Of blocked the table is read as far as its
 * first row: past 40,000 rows that have gone and a snapshot keeps that takes 1 ms, and by the index of its lines 13. Rows locked:
 * none. Race: what comes after it is found by the next look. Cost: an idle worker asks no more than this, so what other passes need
 * to know is asked here too.
 */
function agendaStatement(schema: string): string {
  return `
    SELECT min(run_at)::text AS job,
      (SELECT min(due_at)::text FROM ${schema}.schedule WHERE due_at IS NOT NULL) AS tick,
      EXISTS (SELECT FROM ${schema}.blocked) AS waiting,
      EXISTS (SELECT FROM ${schema}.operation WHERE state = 'running') AS operating
    FROM ${schema}.later WHERE run_at >= $1`;
}

/** Jobs that went into one queue, or into the line of one gate. */
interface MovedRow {
  readonly queue: string | null;
  readonly gate: string | null;
  readonly jobs: number;
}

/**
 * Index walked: later_due from the floor, then later's primary key. Rows locked: those moved, in order of their time; locked
 * ones are skipped. Race: a cancel or another promotion has the row, or finds it gone. Cost: one row removed and one
 * written per job; the order numbers rise with the due times because volatile columns are computed after the sort.
 */
function promoteStatement(schema: string): string {
  const columns = jobColumns.map((column) => `l.${column}`).join(", ");
  return `
    WITH due AS MATERIALIZED (
      SELECT id FROM ${schema}.later WHERE run_at <= $1 AND run_at >= $3 ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
    ), job AS (
      DELETE FROM ${schema}.later l WHERE id = ANY (ARRAY(SELECT id FROM due)) RETURNING ${columns}, l.gates
    ), moved AS (
      ${enterLive(schema, {})} ORDER BY run_at, id RETURNING queue
    ), barred AS (
      ${enterBlocked(schema, {})} ORDER BY run_at, id RETURNING gate
    )
    SELECT queue, NULL AS gate, count(*)::integer AS jobs FROM moved GROUP BY queue
    UNION ALL SELECT NULL, gate, count(*)::integer FROM barred GROUP BY gate`;
}
