import type { JobConditions } from "../../core/job-filter.ts";
import { type CappedCount, type CappedCounts, cappedCounts } from "../../core/job-search.ts";
import { type Job, type JobState, jobStates } from "../../core/job.ts";
import type { FoundJobs, SearchBounds, SearchStore } from "../contract/search.ts";
import { type JobRow, jobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { countQueues } from "./engine/count-queues.ts";
import { splitConditionsOf } from "./engine/job-conditions.ts";
import { jobsFrom, type JobTable, tableOf, tablesFor } from "./engine/jobs-from.ts";
import { findRunning } from "./engine/line-heads.ts";
import { countStretch } from "./engine/stretch.ts";
import { idOf, viewColumnsUpTo } from "./rows.ts";

/** Reads a part of what may be very many jobs. */
export function createSearchStore(connection: Connection): SearchStore {
  return {
    searchJobs: (query, bounds) => searchJobs(connection, query, bounds),
    countQueues: (countAtMost, name) => countQueues(connection, countAtMost, name),
    countUpTo: (query, searchAtMost) => countUpTo(connection, query, searchAtMost),
    countStretch: (query, above, lookAtMost) =>
      countStretch(connection, query, { above, rows: lookAtMost }),
  };
}

async function searchJobs(
  connection: Connection,
  query: JobConditions,
  bounds: SearchBounds,
): Promise<FoundJobs> {
  if (query.ids === undefined && isOnlyRunning(query)) {
    const { ids } = await findRunning(connection, bounds.searchAtMost);
    const jobs = ids.length === 0 ? [] : await page(connection, { ...query, ids }, bounds);
    return { jobs, stoppedAt: null };
  }
  const end = query.ids === undefined ? await endOfSearch(connection, query, bounds) : null;
  const jobs = await page(connection, query, bounds, end?.id);
  return { jobs, stoppedAt: jobs.length < bounds.limit ? end : null };
}

function isOnlyRunning({ states }: JobConditions): boolean {
  return states?.length === 1 && states[0] === "running";
}

interface EndRow {
  readonly id: string;
  readonly created_at: string;
}

/** The last job to look at; `null` when no more than may be looked at are there. Index walked: the primary key of each table. */
async function endOfSearch(
  { schema, read }: Connection,
  query: JobConditions,
  { after, searchAtMost }: SearchBounds,
): Promise<FoundJobs["stoppedAt"]> {
  const from = tablesFor(query);
  if (from.length === 0) return null;
  const below = after === undefined ? "" : "WHERE id < $3";
  // The limit in each keeps the planner from sorting a table.
  const walks = from.map(
    (table) =>
      `(SELECT id FROM ${schema}.${table} ${below} ORDER BY id DESC LIMIT $1::bigint + $2)`,
  );
  const rows = await read<EndRow>(
    `SELECT id::text, created_ms::text AS created_at FROM ${jobsFrom(schema, from)} WHERE id = ANY (ARRAY(
      SELECT id FROM (${walks.join(" UNION ALL ")}) AS walked ORDER BY id DESC OFFSET $1 LIMIT $2)) ORDER BY jobs.id DESC`,
    [searchAtMost - 1, 2, ...(after === undefined ? [] : [idOf(after)])],
  );
  const [last] = rows;
  if (last === undefined || rows.length < 2) return null;
  return { id: last.id, createdAt: Number(last.created_at) };
}

/**
 * Index walked: the primary key of each table, from the newest id to the last to look at. A limit on what is walked keeps the planner
 * from any other way; it leaves room for what is enqueued meanwhile. Only the jobs of the page are read whole.
 */
async function page(
  { schema, read }: Connection,
  query: JobConditions,
  { limit, after, searchAtMost, valuesUpTo }: SearchBounds,
  upTo?: string,
): Promise<readonly Job[]> {
  const above = upTo === undefined ? undefined : String(BigInt(upTo) - 1n);
  const range = { ...(above && { above }), ...(after && { below: after }) };
  const { walk, match, params } = splitConditionsOf(query, range);
  const from = jobsFrom(schema, tablesFor(query));
  const rows = await read<JobRow>(
    `SELECT ${viewColumnsUpTo(valuesUpTo)} FROM ${from} WHERE jobs.id = ANY (ARRAY(
      SELECT jobs.id FROM (
        SELECT * FROM ${from} ${whereOf(walk)} ORDER BY jobs.id DESC LIMIT $${params.length + 1}) AS jobs
      ${whereOf(match)} ORDER BY jobs.id DESC LIMIT $${params.length + 2})) ORDER BY jobs.id DESC`,
    [...params, query.ids?.length ?? 2 * searchAtMost, limit],
  );
  return rows.map(jobOf);
}

function whereOf(conditions: string): string {
  return conditions === "" ? "" : `WHERE ${conditions}`;
}

async function countUpTo(
  connection: Connection,
  query: JobConditions,
  searchAtMost: number,
): Promise<CappedCounts> {
  const { counted, cut } = await countNewest(connection, query, searchAtMost);
  if (!cut.has("live") || query.states?.includes("running") === false) return counted;
  const { ids, atLeast } = await findRunning(connection, searchAtMost);
  const found = await countNewest(connection, runningAmong(query, ids), ids.length + 1);
  return { ...counted, running: { jobs: found.counted.running.jobs, atLeast } };
}

function runningAmong(query: JobConditions, ids: readonly string[]): JobConditions {
  const asked = query.ids === undefined ? ids : ids.filter((id) => query.ids?.includes(id));
  return { ...query, states: ["running"], ids: asked };
}

interface TableRow {
  readonly source: JobTable;
  readonly state: JobState | null;
  readonly jobs: string;
  readonly looked: string;
}

/** Index walked: the primary key of each table, from the newest id on. */
async function countNewest(
  { schema, read }: Connection,
  query: JobConditions,
  searchAtMost: number,
): Promise<{ readonly counted: CappedCounts; readonly cut: ReadonlySet<JobTable> }> {
  const from = tablesFor(query);
  if (from.length === 0) return { counted: cappedCounts({}), cut: new Set() };
  const { walk, match, params } = splitConditionsOf(query);
  const counts = from.map(
    (
      table,
    ) => `SELECT '${table}' AS source, state, count(*) ${match === "" ? "" : `FILTER (WHERE ${match})`}::text AS jobs,
        count(*)::text AS looked
      FROM (SELECT * FROM ${jobsFrom(schema, [table])} ${whereOf(walk)} ORDER BY jobs.id DESC LIMIT $${params.length + 1}) AS jobs
      GROUP BY state`,
  );
  const rows = await read<TableRow>(counts.join(" UNION ALL "), [...params, searchAtMost]);
  return countsOf(rows, query.states, searchAtMost);
}

function countsOf(
  rows: readonly TableRow[],
  states: readonly JobState[] | undefined,
  searchAtMost: number,
): { readonly counted: CappedCounts; readonly cut: ReadonlySet<JobTable> } {
  const looked = new Map<JobTable, number>();
  for (const row of rows) {
    looked.set(row.source, (looked.get(row.source) ?? 0) + Number(row.looked));
  }
  const cut = new Set(
    [...looked].filter(([, jobs]) => jobs >= searchAtMost).map(([table]) => table),
  );
  const counted: Partial<Record<JobState, CappedCount>> = {};
  for (const state of states ?? jobStates) {
    const jobs = Number(rows.find((row) => row.state === state)?.jobs ?? 0);
    counted[state] = { jobs, atLeast: cut.has(tableOf(state)) };
  }
  return { counted: cappedCounts(counted), cut };
}
