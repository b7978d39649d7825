import type { JobConditions } from "../../../core/job-filter.ts";
import { type JobState, jobStates } from "../../../core/job.ts";
import type { JobCounts } from "../../contract/inspect.ts";
import type { CountedStretch } from "../../contract/search.ts";
import type { Connection } from "../connection.ts";
import { splitConditionsOf } from "./job-conditions.ts";
import { jobsFrom, tablesFor } from "./jobs-from.ts";

/** Where a stretch begins and how far it goes. */
interface StretchBounds {
  readonly above: string;
  /** The last id of all, beyond which nothing counts. */
  readonly upTo?: string;
  readonly rows: number;
}

type Reader = Pick<Connection, "schema" | "read">;

/**
 * The id of the last of so many rows above an id, in the tables that can hold such jobs; `undefined` when there are fewer. Jobs named
 * by their ids are found by them, however many rows are in between.
 *
 * Index walked: the primary key of each table; a limit in each keeps the planner from sorting it.
 */
export async function endOfStretch(
  { schema, read }: Reader,
  query: JobConditions,
  above: string,
  rows: number,
): Promise<string | undefined> {
  const tables = tablesFor(query);
  if (tables.length === 0 || query.ids !== undefined) return undefined;
  const walks = tables.map(
    (table) => `(SELECT id FROM ${schema}.${table} WHERE id > $1::bigint ORDER BY id LIMIT $2)`,
  );
  const [last] = await read<{ readonly id: string }>(
    `SELECT id::text FROM (${walks.join(" UNION ALL ")}) AS walked ORDER BY walked.id OFFSET $2::bigint - 1 LIMIT 1`,
    [above, rows],
  );
  return last?.id;
}

interface CountRow {
  readonly state: JobState;
  readonly jobs: string;
}

/** Index walked: the primary key of each table, between two ids; a limit on what is walked keeps the planner from any other way. */
export async function countStretch(
  reader: Reader,
  query: JobConditions,
  { above, upTo, rows }: StretchBounds,
): Promise<CountedStretch> {
  const { schema, read } = reader;
  const end = await endOfStretch(reader, query, above, rows);
  const isLast = end === undefined || (upTo !== undefined && BigInt(end) >= BigInt(upTo));
  const until = isLast ? upTo : end;
  const range = until === undefined ? { above } : { above, upTo: until };
  const { walk, match, params } = splitConditionsOf(query, range);
  const counts = tablesFor(query).map(
    (table) => `SELECT state, count(*)::text AS jobs
      FROM (SELECT * FROM ${jobsFrom(schema, [table])} WHERE ${walk} ORDER BY jobs.id LIMIT $${params.length + 1}) AS jobs
      ${match === "" ? "" : `WHERE ${match}`} GROUP BY state`,
  );
  const most = query.ids?.length ?? rows;
  const found =
    counts.length === 0 ? [] : await read<CountRow>(counts.join(" UNION ALL "), [...params, most]);
  const jobs = new Map(found.map((row) => [row.state, Number(row.jobs)]));
  const byState = jobStates.map((state) => [state, jobs.get(state) ?? 0]);
  return { byState: Object.fromEntries(byState) as JobCounts, reached: isLast ? null : end };
}
