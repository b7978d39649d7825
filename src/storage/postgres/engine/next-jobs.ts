import { chunkRows } from "../../shared/chunk-rows.ts";
import { conditionsIn, type OperationRow } from "../../shared/operation-json.ts";
import { conditionsOf } from "./job-conditions.ts";
import { jobsFrom, tablesFor } from "./jobs-from.ts";
import type { Query } from "./session.ts";
import { endOfStretch } from "./stretch.ts";

/** The jobs that an operation comes to next. */
export interface NextJobs {
  readonly ids: readonly string[];
  /** The id up to which all was looked at. */
  readonly reached: string;
  /** True when nothing is left to look at. */
  readonly isLast: boolean;
}

/** Index walked: the primary key of each table, from where the last chunk ended. Rows locked: none. */
export async function nextJobs(
  query: Query,
  schema: string,
  row: OperationRow,
  limit: number,
): Promise<NextJobs> {
  const conditions = conditionsIn(row);
  const [above, upTo] = [String(row.reached), String(row.up_to)];
  const end = await endOfStretch({ schema, read: query }, conditions, above, chunkRows);
  const until = end === undefined || BigInt(end) > BigInt(upTo) ? upTo : end;
  const { sql, params } = conditionsOf(conditions, { above, upTo: until });
  const rows = await query<{ readonly id: string }>(
    `SELECT jobs.id::text FROM ${jobsFrom(schema, tablesFor(conditions))} WHERE ${sql} ORDER BY jobs.id LIMIT $${params.length + 1}`,
    [...params, limit],
  );
  const ids = rows.map(({ id }) => id);
  const isFull = ids.length === limit;
  return { ids, reached: (isFull && ids.at(-1)) || until, isLast: !isFull && until === upTo };
}
