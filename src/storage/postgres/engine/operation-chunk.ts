import { setTimeout as sleep } from "node:timers/promises";
import { conditionsIn, type OperationRow, operationOf } from "../../shared/operation-json.ts";
import type { BulkPlan } from "./acted.ts";
import { actOn } from "./bulk-actions.ts";
import { conditionsOf } from "./job-conditions.ts";
import { jobsFrom, tablesFor } from "./jobs-from.ts";
import type { Query } from "./session.ts";

/** What became of the jobs of one chunk. */
export interface ChunkResult {
  readonly jobs: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly error: string | null;
  readonly queues: readonly string[];
  readonly cancelling: readonly string[];
  /** Where somebody may be let in now. */
  readonly gates: readonly string[];
  /** The last job visited; `null` when none was. */
  readonly last: string | null;
  /** How the operation ends with this chunk; `null` when it goes on. */
  readonly end: "completed" | "cancelled" | null;
}

/** Somebody else has a row for as long as a transaction of theirs takes. */
const looks = 8;

/**
 * Acts on the next jobs of an operation. A job that moves between tables while it is looked for, or whose row somebody has locked, is
 * looked for again: nothing here waits for a lock, so nobody can wait in a circle.
 *
 * Index walked: the primary key of each table, from where the last chunk ended.
 */
export async function doChunk(
  query: Query,
  schema: string,
  row: OperationRow,
  limit: number,
  now: number,
): Promise<ChunkResult> {
  const ids = await nextIds(query, schema, row, limit);
  const plan: BulkPlan = { operation: operationOf(row), now };
  const result = emptyResult(ids.length);
  const queues = new Set<string>();
  let left = ids;
  for (let look = 0; left.length > 0 && look < looks; look += 1) {
    if (look > 1) await sleep(2 ** look);
    const acted = await actOn(query, schema, plan, left);
    for (const queue of acted.queues) queues.add(queue);
    result.cancelling.push(...acted.cancelling);
    result.gates.push(...acted.gates);
    result.done += acted.done.length;
    result.skipped += acted.refused.length;
    const over = new Set([...acted.done, ...acted.refused]);
    const others = left.filter((id) => !over.has(id));
    left = await stillMatching(query, schema, row, others);
    result.skipped += others.length - left.length;
  }
  result.failed = left.length;
  const error =
    left.length === 0 ? null : `Job ${left[0]} is locked by somebody else's transaction.`;
  const end = ids.length < limit ? "completed" : null;
  return { ...result, error, queues: [...queues], last: ids.at(-1) ?? null, end };
}

/** Passes over the next job, which cannot be acted on. */
export async function skipFailing(
  query: Query,
  schema: string,
  row: OperationRow,
  error: string,
): Promise<ChunkResult> {
  const [id] = await nextIds(query, schema, row, 1);
  const failed = id === undefined ? 0 : 1;
  const end = id === undefined ? "completed" : null;
  return { ...emptyResult(failed), failed, error, queues: [], last: id ?? null, end };
}

/** An operation that cannot go on. */
export const unreadable: Omit<ChunkResult, "error"> = {
  ...emptyResult(0),
  queues: [],
  last: null,
  end: "cancelled",
};

function emptyResult(jobs: number) {
  const cancelling: string[] = [];
  const gates: string[] = [];
  return { jobs, done: 0, skipped: 0, failed: 0, cancelling, gates };
}

async function nextIds(
  query: Query,
  schema: string,
  row: OperationRow,
  limit: number,
): Promise<readonly string[]> {
  const range = { above: String(row.reached), upTo: String(row.up_to) };
  const conditions = conditionsIn(row);
  const { sql, params } = conditionsOf(conditions, range);
  const from = jobsFrom(schema, tablesFor(conditions));
  const rows = await query<{ readonly id: string }>(
    `SELECT jobs.id::text FROM ${from} WHERE ${sql} ORDER BY jobs.id LIMIT $${params.length + 1}`,
    [...params, limit],
  );
  return rows.map(({ id }) => id);
}

async function stillMatching(
  query: Query,
  schema: string,
  row: OperationRow,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return ids;
  const conditions = conditionsIn(row);
  const { sql, params } = conditionsOf(conditions);
  const from = jobsFrom(schema, tablesFor(conditions));
  const rows = await query<{ readonly id: string }>(
    `SELECT jobs.id::text FROM ${from} WHERE ${sql} AND jobs.id = ANY ($${params.length + 1}::bigint[])
     ORDER BY jobs.id`,
    [...params, ids],
  );
  return rows.map(({ id }) => id);
}
