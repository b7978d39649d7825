import { chunkRows } from "../../shared/chunk-rows.ts";
import { conditionsIn, type OperationRow } from "../../shared/operation-json.ts";
import { conditionsOf } from "./job-conditions.ts";
import type { Session } from "./session.ts";
import { idsOfState } from "./state-place.ts";
import { endOfStretch } from "./stretch.ts";

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
  const until = Math.min(endOfStretch(session, conditions, above, chunkRows) ?? upTo, upTo);
  const { states, where, values } = conditionsOf(conditions, { above, upTo: until });
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
