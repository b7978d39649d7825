import { type CappedCount, type CappedCounts, cappedCounts } from "../../core/job-search.ts";
import type { JobConditions } from "../../core/job-filter.ts";
import type { JobState } from "../../core/job.ts";
import type { FoundJobs, SearchBounds, SearchStore } from "../contract/search.ts";
import { type JobRow, jobOf } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { countQueues } from "./engine/count-queues.ts";
import { conditionsOf } from "./engine/job-conditions.ts";
import type { Session } from "./engine/session.ts";
import type { JobTable } from "./engine/move-job.ts";
import {
  countNewest,
  countState,
  listColumnsUpTo,
  selectState,
  tableOf,
} from "./engine/state-place.ts";
import { countStretch } from "./engine/stretch.ts";
import { idOf } from "./rows.ts";

/** Reads a part of what may be very many jobs. */
export function createSearchStore(connection: Connection): SearchStore {
  return {
    searchJobs: (query, bounds) => connection.read((session) => searchJobs(session, query, bounds)),
    countQueues: (countAtMost, name) =>
      connection.read((session) => countQueues(session, countAtMost, name)),
    countUpTo: (query, searchAtMost) => countUpTo(connection, query, searchAtMost),
    async countStretch(query, above, lookAtMost) {
      const { byState, reached } = await connection.read((session) =>
        countStretch(session, query, { above: Number(above), rows: lookAtMost }),
      );
      return { byState, reached: reached === null ? null : String(reached) };
    },
  };
}

function searchJobs(session: Session, query: JobConditions, bounds: SearchBounds): FoundJobs {
  const { after, limit, valuesUpTo } = bounds;
  const end = query.ids === undefined ? endOfSearch(session, query, bounds) : null;
  const { states, where, values } = conditionsOf(query, {
    ...(after === undefined ? {} : { below: idOf(after) }),
    ...(end === null ? {} : { above: Number(end.id) - 1 }),
  });
  if (states.length === 0) return { jobs: [], stoppedAt: null };
  // Each part walks its table in id order, and SQLite merges them.
  const columns = listColumnsUpTo(valuesUpTo);
  const sql = `${states.map((state) => selectState(state, columns, where(state))).join(" UNION ALL ")}
    ORDER BY id DESC LIMIT $limit`;
  const jobs = session.all<JobRow>(sql, { ...values, limit }).map(jobOf);
  return { jobs, stoppedAt: jobs.length < limit ? end : null };
}

/** The last job to look at; `null` when no more than may be looked at are there. Index: the primary key of each table. Locks: none. */
function endOfSearch(
  session: Session,
  query: JobConditions,
  { after, searchAtMost }: SearchBounds,
): FoundJobs["stoppedAt"] {
  // An index knows those that run.
  const states = conditionsOf(query).states.filter((state) => state !== "running");
  if (states.length === 0) return null;
  const below = after === undefined ? "" : "WHERE id < $below";
  const walks = [...new Set(states.map(tableOf))].map(
    (table) => `SELECT id, created_at FROM holdfast_${table} NOT INDEXED ${below}`,
  );
  const rows = session.tuples<readonly [number, number]>(
    `${walks.join(" UNION ALL ")} ORDER BY id DESC LIMIT 2 OFFSET $from`,
    { from: searchAtMost - 1, ...(after === undefined ? {} : { below: idOf(after) }) },
  );
  const [last] = rows;
  return last === undefined || rows.length < 2 ? null : { id: String(last[0]), createdAt: last[1] };
}

interface IdRow {
  readonly id: number;
}

/**
 * Counts state by state, so that the main loop turns in between.
 *
 * Index: the primary key of each table, from the newest id on; of those that run holdfast_live_running. Locks: none.
 */
async function countUpTo(
  { read }: Pick<Connection, "read">,
  query: JobConditions,
  searchAtMost: number,
): Promise<CappedCounts> {
  const { states, where, values } = conditionsOf(query);
  const counted: Partial<Record<JobState, CappedCount>> = {};
  const firsts = new Map<JobTable, number | undefined>();
  for (const state of states) {
    const table = tableOf(state);
    const whole = state === "running" || query.ids !== undefined;
    if (!whole && !firsts.has(table)) {
      const found = await read((session) => firstToCount(session, table, searchAtMost));
      firsts.set(table, found);
    }
    const first = whole ? undefined : firsts.get(table);
    const jobs = await read((session) =>
      first === undefined
        ? session.get<JobsRow>(countState(state, where(state)), values)
        : session.get<JobsRow>(countNewest(state, where(state)), { ...values, first }),
    );
    counted[state] = { jobs: jobs?.jobs ?? 0, atLeast: first !== undefined };
  }
  return cappedCounts(counted);
}

interface JobsRow {
  readonly jobs: number;
}

/** The lowest id to look at; `undefined` when there are fewer jobs than may be looked at. */
function firstToCount(session: Session, table: JobTable, searchAtMost: number): number | undefined {
  const sql = `SELECT id FROM holdfast_${table} NOT INDEXED ORDER BY id DESC LIMIT 1 OFFSET $from`;
  return session.get<IdRow>(sql, { from: searchAtMost - 1 })?.id;
}
