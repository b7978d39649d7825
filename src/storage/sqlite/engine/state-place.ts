import type { JobState } from "../../../core/job.ts";
import { valueColumns } from "../../shared/job-json.ts";
import type { JobTable } from "./move-job.ts";

/** Where the jobs of one state are: a table, which of its rows, and how to walk them in id order when not by its key. */
interface StatePlace {
  readonly table: JobTable;
  readonly rows: string;
  readonly walk?: string;
}

const places: Readonly<Record<JobState, StatePlace>> = {
  scheduled: { table: "later", rows: "retrying = 0" },
  // Left to itself SQLite sorts the whole ready index by id.
  available: { table: "live", rows: "owner IS NULL", walk: "NOT INDEXED" },
  blocked: { table: "blocked", rows: "TRUE" },
  running: { table: "live", rows: "owner IS NOT NULL", walk: "INDEXED BY holdfast_live_running" },
  retryable: { table: "later", rows: "retrying = 1" },
  // A queue may have all jobs there are, and the index of names gives them in no order.
  completed: { table: "done", rows: "TRUE", walk: "NOT INDEXED" },
  cancelled: { table: "dead", rows: "state = 'cancelled'", walk: "NOT INDEXED" },
  discarded: { table: "dead", rows: "state = 'discarded'", walk: "NOT INDEXED" },
};

/** The columns of the jobs view that some tables do not have. */
const ownColumns: Readonly<Record<JobTable, readonly string[]>> = {
  live: ["owner", "claimed_at", "cancel"],
  later: [],
  blocked: ["gate"],
  done: ["claimed_at", "finished_at"],
  dead: ["claimed_at", "finished_at", "reason"],
};

/** The columns of the jobs view that a job is read from and every table has. */
const listColumns = [
  "id",
  "run",
  "name",
  "version",
  "queue",
  "priority",
  "attempt",
  "crashes",
  "created_at",
  "run_at",
  "unique_key",
  "tags",
  "payload",
  "checkpoint",
  "progress",
  "result",
  "attempts",
  "gates",
  "trace",
] as const;

/** The same, without values of more characters than given. */
export function listColumnsUpTo(valuesUpTo: number | undefined): readonly string[] {
  if (valuesUpTo === undefined) return listColumns;
  const values: readonly string[] = valueColumns;
  return listColumns.map((column) =>
    values.includes(column)
      ? `iif(length(${column}) <= ${valuesUpTo}, ${column}, NULL) AS ${column}`
      : column,
  );
}

/** What a completed job's row has in another way: a success on the first try keeps only the times of its one attempt. */
const ofDone: Readonly<Record<string, string>> = {
  attempts: `coalesce(attempts, json_array(json_object('number', attempt, 'run', run,
    'worker', CAST(owner AS TEXT), 'began', began_at, 'ended', finished_at, 'how', 'completed'))) AS attempts`,
  gates: "NULL AS gates",
};

/** The table the jobs of a state are in. */
export function tableOf(state: JobState): JobTable {
  return places[state].table;
}

/** Whether the table of a state has a column that not all have. */
export function hasColumn(state: JobState, column: string): boolean {
  return ownColumns[tableOf(state)].includes(column);
}

/** The ids of the jobs of one state; `where` goes on with `AND`. */
export function idsOfState(state: JobState, where: string): string {
  const { table, rows, walk = "" } = places[state];
  return `SELECT id FROM holdfast_${table} AS job ${walk} WHERE ${rows}${where}`;
}

/** Reads the rows of one state as the jobs view shows them; `where` goes on with `AND`. */
export function selectState(state: JobState, columns: readonly string[], where: string): string {
  const { table, rows, walk = "" } = places[state];
  const others = ["owner", "claimed_at", "finished_at", "cancel", "reason", "gate"].map((column) =>
    ownColumns[table].includes(column) ? column : `NULL AS ${column}`,
  );
  const own = table === "done" ? columns.map((column) => ofDone[column] ?? column) : columns;
  return `SELECT '${state}' AS state, ${[...own, ...others].join(", ")}
    FROM holdfast_${table} AS job ${walk} WHERE ${rows}${where}`;
}

/**
 * Counts the rows of one state, and finds the newest. `anyIndex` when the conditions are of queue and name alone: of finished jobs
 * an index knows both. Any other needs the rows, which the table gives faster than an index.
 */
export function countState(state: JobState, where: string, anyIndex = false): string {
  const { table, rows, walk = "" } = places[state];
  return `SELECT '${state}' AS state, count(*) AS jobs, max(id) AS newest
    FROM holdfast_${table} AS job ${anyIndex ? "" : walk} WHERE ${rows}${where}`;
}

/** Counts the rows of the two states that share a table likewise, in one walk of it; the newest is that of both. */
export function countGivenUp(where: string, anyIndex: boolean): string {
  return `SELECT one.state, iif(one.state = 'cancelled', both.cancelled, both.discarded) AS jobs, both.newest
    FROM (SELECT 'cancelled' AS state UNION ALL SELECT 'discarded') AS one, (
      SELECT count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
        count(*) FILTER (WHERE state = 'discarded') AS discarded, max(id) AS newest
      FROM holdfast_dead AS job ${anyIndex ? "" : "NOT INDEXED"} WHERE TRUE${where}) AS both`;
}

/** Counts the rows of one state from the id `$first` on, by the table's key. */
export function countNewest(state: JobState, where: string): string {
  const { table, rows } = places[state];
  return `SELECT count(*) AS jobs FROM holdfast_${table} AS job NOT INDEXED
    WHERE job.id >= $first AND ${rows}${where}`;
}
