import type { JobConditions } from "../../../core/job-filter.ts";
import { type JobState, jobStates } from "../../../core/job.ts";
import type { JobCounts } from "../../contract/inspect.ts";
import { conditionsOf } from "./job-conditions.ts";
import type { Session } from "./session.ts";
import { countNewest, tableOf } from "./state-place.ts";

/** What was counted, and the id up to which all was looked at; `null` when nothing is behind it. */
export interface StretchCount {
  readonly byState: JobCounts;
  readonly reached: number | null;
}

/** Where a stretch begins and how far it goes. */
interface StretchBounds {
  readonly above: number;
  /** The last id of all, beyond which nothing counts. */
  readonly upTo?: number;
  readonly rows: number;
}

/**
 * The id of the last of so many rows above an id, in the tables that can hold such jobs; `undefined` when there are fewer. Jobs named
 * by their ids are found by them, however many rows are in between.
 *
 * Index: the primary key of each table; SQLite merges them. Locks: none.
 */
export function endOfStretch(
  session: Session,
  query: JobConditions,
  above: number,
  rows: number,
): number | undefined {
  const tables = [...new Set(conditionsOf(query).states.map(tableOf))];
  if (tables.length === 0 || query.ids !== undefined) return undefined;
  const ids = tables.map(
    (table) => `SELECT id FROM holdfast_${table} NOT INDEXED WHERE id > $above`,
  );
  const [last] = session.tuples<readonly [number]>(
    `${ids.join(" UNION ALL ")} ORDER BY id LIMIT 1 OFFSET $from`,
    { above, from: rows - 1 },
  );
  return last?.[0];
}

interface CountRow {
  readonly jobs: number;
}

/** Index: the primary key of each table, between two ids. Locks: none. */
export function countStretch(
  session: Session,
  query: JobConditions,
  { above, upTo, rows }: StretchBounds,
): StretchCount {
  const end = endOfStretch(session, query, above, rows);
  const isLast = end === undefined || (upTo !== undefined && end >= upTo);
  const until = isLast ? upTo : end;
  const { states, where, values } = conditionsOf(query, until === undefined ? {} : { upTo: until });
  const count = (state: JobState) => {
    if (!states.includes(state)) return 0;
    const sql = countNewest(state, where(state));
    return session.get<CountRow>(sql, { ...values, first: above + 1 })?.jobs ?? 0;
  };
  const counted = jobStates.map((state) => [state, count(state)]);
  return { byState: Object.fromEntries(counted) as JobCounts, reached: isLast ? null : end };
}
