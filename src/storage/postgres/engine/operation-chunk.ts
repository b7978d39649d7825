import { setTimeout as sleep } from "node:timers/promises";
import { sumOfStates } from "../../../core/job-search.ts";
import { chunkRows } from "../../shared/chunk-rows.ts";
import { conditionsIn, type OperationRow, operationOf } from "../../shared/operation-json.ts";
import type { BulkPlan } from "./acted.ts";
import { actOn } from "./bulk-actions.ts";
import { conditionsOf } from "./job-conditions.ts";
import { jobsFrom, tablesFor } from "./jobs-from.ts";
import { nextJobs } from "./next-jobs.ts";
import type { Query } from "./session.ts";
import { countStretch } from "./stretch.ts";

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
  /** The id up to which all was looked at; `null` when none was. */
  readonly reached: string | null;
  /** How many more match, and the id up to which they are counted; `null` when all are. */
  readonly counted: { readonly matched: number; readonly upTo: string | null };
  /** How the operation ends with this chunk; `null` when it goes on. */
  readonly end: "completed" | "cancelled" | null;
}

/** Somebody else has a row for as long as a transaction of theirs takes. */
const looks = 8;

/** Counts jobs of an operation for as long as not all are counted, and then acts on them. */
export async function doChunk(
  query: Query,
  schema: string,
  row: OperationRow,
  limit: number,
  now: number,
): Promise<ChunkResult> {
  if (row.counted === null) return act(query, schema, row, limit, now);
  const reader = { schema, read: query };
  const { byState, reached } = await countStretch(reader, conditionsIn(row), {
    above: String(row.counted),
    upTo: String(row.up_to),
    rows: chunkRows,
  });
  return { ...emptyResult(0), counted: { matched: sumOfStates(byState), upTo: reached } };
}

/**
 * Acts on the next jobs of an operation. A job that moves between tables while it is looked for, or whose row somebody has locked, is
 * looked for again: nothing here waits for a lock, so nobody can wait in a circle.
 */
async function act(
  query: Query,
  schema: string,
  row: OperationRow,
  limit: number,
  now: number,
): Promise<ChunkResult> {
  const { ids, reached, isLast } = await nextJobs(query, schema, row, limit);
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
  const end = isLast ? "completed" : null;
  return { ...result, error, queues: [...queues], reached, end };
}

/** Passes over the next job, which cannot be acted on. Where jobs cannot even be counted, the operation ends. */
export async function skipFailing(
  query: Query,
  schema: string,
  row: OperationRow,
  error: string,
): Promise<ChunkResult> {
  if (row.counted !== null) return unreadable(row, error);
  const { ids, reached, isLast } = await nextJobs(query, schema, row, 1);
  const end = isLast ? "completed" : null;
  return { ...emptyResult(ids.length), failed: ids.length, error, reached, end };
}

/** An operation that cannot go on. */
export function unreadable({ counted }: OperationRow, error: string): ChunkResult {
  const upTo = counted === null ? null : String(counted);
  return {
    ...emptyResult(0),
    counted: { matched: 0, upTo },
    error: `Its jobs cannot be looked for: ${error}`,
    end: "cancelled",
  };
}

function emptyResult(jobs: number) {
  return {
    jobs,
    done: 0,
    skipped: 0,
    failed: 0,
    error: null,
    queues: [] as string[],
    cancelling: [] as string[],
    gates: [] as string[],
    reached: null,
    counted: { matched: 0, upTo: null },
    end: null,
  };
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
