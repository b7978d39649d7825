import { conditionsIn, type OperationRow } from "../../shared/operation-json.ts";
import { conditionsOf } from "./job-conditions.ts";
import type { Session } from "./session.ts";
import { idsOfState, tableOf } from "./state-place.ts";

/** Rows that are looked at for one chunk, whatever matches: nobody else writes meanwhile, and this process does nothing else. */
const rowsLookedAt = 5_000;

/** The jobs that an operation comes to next. */
export interface NextJobs {
  readonly ids: readonly number[];
  /** The id up to which all was looked at. */
  readonly reached: number;
  /** True when nothing is left to look at. */
  readonly isLast: boolean;
}

/** Index: the primary key of each table, from where the last chunk ended; SQLite merges them. Locks: the one writer of the file. */
export function nextJobs(session: Session, row: OperationRow, limit: number): NextJobs {
  const conditions = conditionsIn(row);
  const [above, upTo] = [Number(row.reached), Number(row.up_to)];
  // Jobs named by their ids are found by them, however many rows are in between.
  const until = conditions.ids === undefined ? endOfLook(session, row) : upTo;
  const { states, where, values } = conditionsOf(conditions, {
    above,
    upTo: Math.min(until, upTo),
  });
  const found = states.map((state) => idsOfState(state, where(state))).join(" UNION ALL ");
  const ids =
    states.length === 0
      ? []
      : session
          .tuples<readonly [number]>(`${found} ORDER BY id LIMIT $limit`, { ...values, limit })
          .map(([id]) => id);
  const isFull = ids.length === limit;
  return { ids, reached: isFull ? (ids.at(-1) ?? above) : until, isLast: !isFull && until >= upTo };
}

/** The id of the last row to look at. */
function endOfLook(session: Session, row: OperationRow): number {
  const { states } = conditionsOf(conditionsIn(row));
  const tables = [...new Set(states.map(tableOf))];
  if (tables.length === 0) return Number(row.up_to);
  const ids = tables.map(
    (table) => `SELECT id FROM holdfast_${table} NOT INDEXED WHERE id > $above`,
  );
  const [last] = session.tuples<readonly [number]>(
    `${ids.join(" UNION ALL ")} ORDER BY id LIMIT 1 OFFSET ${rowsLookedAt - 1}`,
    { above: Number(row.reached) },
  );
  return last?.[0] ?? Number(row.up_to);
}
