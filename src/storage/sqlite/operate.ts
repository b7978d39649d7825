import { defaults } from "../../core/defaults.ts";
import type { NewOperation, Operation } from "../../core/operation.ts";
import type { OperateAnswer, OperateStore } from "../contract/operate.ts";
import {
  conditionsIn,
  type OperationRow,
  operationDetails,
  operationOf,
  settingsText,
} from "../shared/operation-json.ts";
import type { Connection } from "./connection.ts";
import { noteInAudit } from "./engine/audit-note.ts";
import { actOnEach, type EachResult } from "./engine/bulk-actions.ts";
import { conditionsOf } from "./engine/job-conditions.ts";
import type { Session } from "./engine/session.ts";
import { idsOfState } from "./engine/state-place.ts";
import { idOf } from "./rows.ts";

/** Operations on many jobs; each chunk is one transaction of the one writer. */
export function createOperateStore(connection: Connection): OperateStore {
  const byId = (session: Session, id: string) =>
    session.get<OperationRow>("SELECT * FROM holdfast_operation WHERE id = ?", idOf(id));
  return {
    startOperation: (operation) => connection.write((session) => start(session, operation)),
    async getOperation(id) {
      const row = await connection.read((session) => byId(session, id));
      return row === undefined ? undefined : operationOf(row);
    },
    async listOperations(limit, after) {
      const below = after === undefined ? Number.MAX_SAFE_INTEGER : idOf(after);
      const rows = await connection.read((session) =>
        session.all<OperationRow>(list, { below, limit }),
      );
      return rows.map(operationOf);
    },
    cancelOperation: (id, by, now) =>
      connection.write((session) => {
        if (session.run(end, { id: idOf(id), state: "cancelled", now }) === 0) {
          return byId(session, id) === undefined ? "missing" : "finished";
        }
        const cancelled = operationOf(byId(session, id) as OperationRow);
        note(session, cancelled, { what: "cancelled", by, now });
        return "cancelled";
      }),
    async workOperation(limit, now) {
      if (!(await connection.read(anyRunning))) return undefined;
      return connection.write((session) => work(session, limit, now));
    },
  };
}

const list = "SELECT * FROM holdfast_operation WHERE id < $below ORDER BY id DESC LIMIT $limit";

const end = `
  UPDATE holdfast_operation SET state = $state, finished_at = $now WHERE id = $id AND state = 'running'`;

/** Index: holdfast_operation_running, its front. Locks: none. */
const oldestRunning =
  "SELECT * FROM holdfast_operation WHERE state = 'running' ORDER BY id LIMIT 1";

function anyRunning(session: Session): boolean {
  return session.get(oldestRunning) !== undefined;
}

const insert = `
  INSERT INTO holdfast_operation (up_to, matched, created_at, action, who, settings, filter, conditions)
  SELECT id, $matched, $createdAt, $action, $by, $settings, $filter, $conditions FROM holdfast_sequence
  RETURNING *`;

function start(
  session: Session,
  { action, filter, conditions, by, matched, createdAt, ...settings }: NewOperation,
): Operation {
  const old = createdAt - defaults.operationKeptMs;
  session.run("DELETE FROM holdfast_operation WHERE finished_at < ?", old);
  const row = session.get<OperationRow>(insert, {
    matched,
    createdAt,
    action,
    by,
    settings: settingsText(settings),
    filter: JSON.stringify(filter),
    conditions: JSON.stringify(conditions),
  });
  const operation = operationOf(row as OperationRow);
  note(session, operation, { what: "started", by, now: createdAt });
  return operation;
}

/** What the audit says of an operation, in the transaction that begins or ends it. */
function note(
  session: Session,
  operation: Operation,
  { what, by, now }: { readonly what: string; readonly by: string | null; readonly now: number },
): void {
  noteInAudit(session, {
    at: now,
    by,
    action: `operation.${what}`,
    target: `operation:${operation.id}`,
    details: operationDetails(operation),
  });
}

function work(session: Session, limit: number, now: number): OperateAnswer | undefined {
  const row = session.get<OperationRow>(oldestRunning);
  if (row === undefined) return undefined;
  const ids = nextIds(session, row, limit);
  const each = actOnEach(session, operationOf(row), ids, now);
  session.run(progress, progressOf(row, ids, each));
  if (ids.length < limit) {
    session.run(end, { id: Number(row.id), state: "completed", now });
    const after = session.get<OperationRow>(
      "SELECT * FROM holdfast_operation WHERE id = ?",
      Number(row.id),
    );
    const operation = operationOf(after ?? row);
    note(session, operation, { what: "completed", by: operation.by, now });
  }
  const { queues, cancelling } = each;
  return { id: String(row.id), jobs: ids.length, queues, cancelling };
}

const progress = `
  UPDATE holdfast_operation SET reached = $reached, done = done + $done, skipped = skipped + $skipped,
    failed = failed + $failed, error = coalesce($error, error)
  WHERE id = $id`;

function progressOf(row: OperationRow, ids: readonly number[], each: EachResult) {
  const { done, skipped, failed, error } = each;
  const reached = ids.at(-1) ?? Number(row.reached);
  return { id: Number(row.id), reached, done, skipped, failed, error };
}

/** Index: the primary key of each table, from where the last chunk ended; SQLite merges them. Locks: the one writer of the file. */
function nextIds(session: Session, row: OperationRow, limit: number): readonly number[] {
  const range = { above: Number(row.reached), upTo: Number(row.up_to) };
  const { states, where, values } = conditionsOf(conditionsIn(row), range);
  if (states.length === 0) return [];
  const sql = `${states.map((state) => idsOfState(state, where(state))).join(" UNION ALL ")} ORDER BY id LIMIT $limit`;
  return session.tuples<readonly [number]>(sql, { ...values, limit }).map(([id]) => id);
}
