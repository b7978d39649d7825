import { defaults } from "../../core/defaults.ts";
import { isHoldfastError } from "../../core/errors.ts";
import type { NewOperation, Operation } from "../../core/operation.ts";
import type { OperateAnswer, OperateStore } from "../contract/operate.ts";
import {
  type OperationRow,
  operationDetails,
  operationOf,
  settingsText,
} from "../shared/operation-json.ts";
import type { Connection } from "./connection.ts";
import type { FollowUp } from "./engine/follow-up.ts";
import { type ChunkResult, doChunk, skipFailing, unreadable } from "./engine/operation-chunk.ts";
import { lastDrawn } from "./engine/sequence.ts";
import type { Query } from "./engine/session.ts";
import { messageOf } from "./sql-errors.ts";
import { idOf } from "./rows.ts";

/** Operations on many jobs. `followUp` lets in whoever may go ahead after a chunk. */
export function createOperateStore(connection: Connection, followUp: FollowUp): OperateStore {
  const { schema, read, atomically } = connection;
  return {
    startOperation: (operation) => atomically((query) => start(query, schema, operation)),
    async getOperation(id) {
      const sql = `SELECT ${columns} FROM ${schema}.operation WHERE id = $1`;
      const [row] = await read<OperationRow>(sql, [idOf(id)]);
      return row === undefined ? undefined : operationOf(row);
    },
    async listOperations(limit, after) {
      const below = after === undefined ? "" : "WHERE id < $2";
      const rows = await read<OperationRow>(
        `SELECT ${columns} FROM ${schema}.operation ${below} ORDER BY operation.id DESC LIMIT $1`,
        after === undefined ? [limit] : [limit, idOf(after)],
      );
      return rows.map(operationOf);
    },
    cancelOperation: (id, by, now) => atomically((query) => cancel(query, schema, { id, by, now })),
    async workOperation(limit, now) {
      const done = await work(connection, limit, now);
      if (done === undefined) return undefined;
      const { gates, ...answer } = done;
      await followUp(gates, now);
      return answer;
    },
  };
}

const columns = `id::text, up_to::text, reached::text, matched::text, counted::text, done::text, skipped::text, failed::text,
  created_at::text, finished_at::text, action, state, who, error, settings::text, filter::text, conditions::text`;

async function start(
  query: Query,
  schema: string,
  { action, filter, conditions, by, matched, counted, createdAt, ...settings }: NewOperation,
): Promise<Operation> {
  await query(removeOld(schema), [createdAt - defaults.operationKeptMs]);
  const [row] = await query<OperationRow>(
    `INSERT INTO ${schema}.operation (up_to, matched, counted, created_at, action, who, settings, filter, conditions)
     VALUES (${lastDrawn(`${schema}.job_id`)}, $1, $2, $3, $4, $5, $6::text::json, $7::text::json, $8::text::json)
     RETURNING ${columns}`,
    [
      matched,
      counted,
      createdAt,
      action,
      by,
      settingsText(settings),
      JSON.stringify(filter),
      JSON.stringify(conditions),
    ],
  );
  const operation = operationOf(row as OperationRow);
  await note(query, schema, operation, { what: "started", by, now: createdAt });
  return operation;
}

function removeOld(schema: string): string {
  return `DELETE FROM ${schema}.operation WHERE finished_at < $1`;
}

/** What the audit says of an operation, in the transaction that begins or ends it. */
async function note(
  query: Query,
  schema: string,
  operation: Operation,
  { what, by, now }: { readonly what: string; readonly by: string | null; readonly now: number },
): Promise<void> {
  await query(
    `INSERT INTO ${schema}.audit (at, who, action, target, details) VALUES ($1, $2, $3, $4, $5::text::json)`,
    [now, by, `operation.${what}`, `operation:${operation.id}`, operationDetails(operation)],
  );
}

interface Cancel {
  readonly id: string;
  readonly by: string | null;
  readonly now: number;
}

/** Index walked: the primary key. Rows locked: the one; a chunk under way has it until its commit. */
async function cancel(
  query: Query,
  schema: string,
  { id, by, now }: Cancel,
): Promise<"cancelled" | "finished" | "missing"> {
  const [row] = await query<OperationRow>(
    `UPDATE ${schema}.operation SET state = 'cancelled', finished_at = $2 WHERE id = $1 AND state = 'running'
     RETURNING ${columns}`,
    [idOf(id), now],
  );
  if (row !== undefined) {
    await note(query, schema, operationOf(row), { what: "cancelled", by, now });
    return "cancelled";
  }
  const known = await query(`SELECT 1 FROM ${schema}.operation WHERE id = $1`, [idOf(id)]);
  return known.length > 0 ? "finished" : "missing";
}

type Done = OperateAnswer & Pick<ChunkResult, "gates">;

/**
 * A chunk that fails for good is repeated job by job, and the job that fails is left out: of the operation that failed, for meanwhile
 * another may be the oldest. One whose jobs cannot even be looked for is ended, so that it is in nobody's way.
 */
async function work(connection: Connection, limit: number, now: number): Promise<Done | undefined> {
  const { schema, read, atomically } = connection;
  if ((await read(anyRunning(schema))).length === 0) return undefined;
  let at: OperationRow | undefined;
  const visit = (act: (query: Query, row: OperationRow) => Promise<ChunkResult>) =>
    atomically(async (query) => {
      const row = await pick(query, schema, at);
      if (row === undefined) return at === undefined ? undefined : nothing(at);
      at = row;
      return record(query, schema, now, { row, result: await act(query, row) });
    });
  const tried = await lasting(() => visit((query, row) => doChunk(query, schema, row, limit, now)));
  if (!("reason" in tried)) return tried.done;
  const again = await lasting(() => visit((query, row) => doChunk(query, schema, row, 1, now)));
  if (!("reason" in again)) return again.done;
  const skipped = await lasting(() =>
    visit((query, row) => skipFailing(query, schema, row, again.reason)),
  );
  if (!("reason" in skipped)) return skipped.done;
  return visit(async (_query, row) => unreadable(row, skipped.reason));
}

/** What a step did, or why it fails for good. */
async function lasting(
  step: () => Promise<Done | undefined>,
): Promise<{ readonly done: Done | undefined } | { readonly reason: string }> {
  try {
    return { done: await step() };
  } catch (error) {
    if (isPassing(error)) throw error;
    return { reason: messageOf(error) };
  }
}

function nothing({ id }: OperationRow): Done {
  return { id: String(id), jobs: 0, queues: [], cancelling: [], gates: [] };
}

/** Index walked: operation_running, its front. An idle worker asks no more than this. */
function anyRunning(schema: string): string {
  return `SELECT 1 FROM ${schema}.operation WHERE state = 'running' LIMIT 1`;
}

function isPassing(error: unknown): boolean {
  return isHoldfastError(error) && (error.retryable || error.code !== "STORAGE_FAILED");
}

/** Index walked: operation_running from its front. Rows locked: the operation, for the time of the chunk; a locked one is skipped. */
async function pick(
  query: Query,
  schema: string,
  at: OperationRow | undefined,
): Promise<OperationRow | undefined> {
  const known = at === undefined ? "" : "AND id = $1 AND reached = $2";
  const [row] = await query<OperationRow>(
    `SELECT ${columns} FROM ${schema}.operation WHERE state = 'running' ${known} ORDER BY operation.id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    at === undefined ? [] : [at.id, at.reached],
  );
  return row;
}

interface Visit {
  readonly row: OperationRow;
  readonly result: ChunkResult;
}

async function record(
  query: Query,
  schema: string,
  now: number,
  { row, result }: Visit,
): Promise<Done> {
  const { jobs, queues, cancelling, gates, reached, counted, end, ...counts } = result;
  const [after] = await query<OperationRow>(
    `UPDATE ${schema}.operation SET reached = coalesce($2, reached), done = done + $3, skipped = skipped + $4,
       failed = failed + $5, error = coalesce($6, error), state = coalesce($8, state), matched = matched + $9, counted = $10,
       finished_at = CASE WHEN $8::text IS NULL THEN finished_at ELSE $7::bigint END
     WHERE id = $1 RETURNING ${columns}`,
    [
      row.id,
      reached,
      counts.done,
      counts.skipped,
      counts.failed,
      counts.error,
      now,
      end,
      counted.matched,
      counted.upTo,
    ],
  );
  const operation = operationOf(after ?? row);
  if (end !== null) {
    const by = end === "completed" ? operation.by : null;
    await note(query, schema, operation, { what: end, by, now });
  }
  return { id: operation.id, jobs, queues, cancelling, gates };
}
