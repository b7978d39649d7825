import type { JobConditions } from "../../../core/job-filter.ts";
import { type JobState, jobStates } from "../../../core/job.ts";
import type { JobCounts } from "../../contract/inspect.ts";
import type { Connection } from "../connection.ts";
import { conditionsOf } from "./job-conditions.ts";
import { jobsFrom, type JobTable, tablesFor } from "./jobs-from.ts";

/** The jobs that match a filter, and the newest of them. */
export interface CountedJobs {
  readonly byState: JobCounts;
  readonly newest: string | null;
}

/** Tables whose rows are all of one state are counted without being sorted by it, which takes half the time. */
const onlyState: Partial<Readonly<Record<JobTable, JobState>>> = {
  blocked: "blocked",
  done: "completed",
};

interface CountRow {
  readonly state: JobState;
  readonly jobs: string;
  readonly newest: string | null;
}

/** Walks every table that can hold such jobs, by the primary key where nothing else is asked; in one statement and so one view of all. */
export async function countJobs(
  { schema, read }: Connection,
  query: JobConditions,
): Promise<CountedJobs> {
  const { sql, params } = conditionsOf(query);
  const where = sql === "" ? "" : `WHERE ${sql}`;
  const from = tablesFor(query);
  // Apart from each other, for together they would share out the server's processes by tables, and nearly all are in one.
  const counts = from.map((table) => {
    const state = onlyState[table];
    return `${table}_count AS MATERIALIZED (
      SELECT ${state === undefined ? "state" : `'${state}'`} AS state, count(*)::text AS jobs, max(id)::text AS newest
      FROM ${jobsFrom(schema, [table])} ${where} ${state === undefined ? "GROUP BY state" : ""})`;
  });
  const all = from.map((table) => `SELECT * FROM ${table}_count`).join(" UNION ALL ");
  return countedOf(
    from.length === 0 ? [] : await read<CountRow>(`WITH ${counts.join(", ")} ${all}`, params),
  );
}

function countedOf(rows: readonly CountRow[]): CountedJobs {
  const counts = new Map(rows.map(({ state, jobs }) => [state, Number(jobs)]));
  const all = jobStates.map((state) => [state, counts.get(state) ?? 0]);
  const newest = rows.flatMap((row) => (row.newest === null ? [] : [BigInt(row.newest)]));
  return {
    byState: Object.fromEntries(all) as JobCounts,
    newest:
      newest.length === 0
        ? null
        : String(newest.reduce((one, other) => (one > other ? one : other))),
  };
}
