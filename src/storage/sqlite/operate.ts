import { defaults } from "../../core/defaults.ts";
import { sumOfStates } from "../../core/job-search.ts";
import type { NewOperation, Operation } from "../../core/operation.ts";
import type { OperateAnswer, OperateStore } from "../contract/operate.ts";
import { chunkRows } from "../shared/chunk-rows.ts";
import {
  conditionsIn,
  type OperationRow,
  operationDetails,
  operationOf,
  settingsText,
} from "../shared/operation-json.ts";
import type { Connection } from "./connection.ts";
import { noteInAudit } from "./engine/audit-note.ts";
import { actOnEach } from "./engine/bulk-actions.ts";
import { type NextJobs, nextJobs } from "./engine/next-jobs.ts";
import type { Session } from "./engine/session.ts";
import { countStretch, type StretchCount } from "./engine/stretch.ts";
import { idOf } from "./rows.ts";
import { isEnvironment, messageOf } from "./sql-errors.ts";

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
        const row = byId(session, id);
        if (row === undefined) return "missing";
        if (row.state !== "running") return "finished";
        finish(session, row, { state: "cancelled", by, now });
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
  INSERT INTO holdfast_operation (up_to, matched, counted, created_at, action, who, settings, filter, conditions)
  SELECT id, $matched, $counted, $createdAt, $action, $by, $settings, $filter, $conditions FROM holdfast_sequence
  RETURNING *`;

function start(
  session: Session,
  { action, filter, conditions, by, matched, counted, createdAt, ...settings }: NewOperation,
): Operation {
  const old = createdAt - defaults.operationKeptMs;
  session.run("DELETE FROM holdfast_operation WHERE finished_at < ?", old);
  const row = session.get<OperationRow>(insert, {
    matched,
    counted: counted === null ? null : Number(counted),
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
  const id = Number(row.id);
  const found = tryToFind(session, row, limit);
  const nothing = { id: String(id), jobs: 0, queues: [], cancelling: [] };
  if ("error" in found) {
    session.run(giveUp, { id, error: found.error });
    finish(session, row, { state: "cancelled", by: null, now });
    return nothing;
  }
  if ("byState" in found) {
    session.run(countOn, { id, matched: sumOfStates(found.byState), counted: found.reached });
    return nothing;
  }
  const { done, skipped, failed, error, queues, cancelling } = actOnEach(
    session,
    operationOf(row),
    found.ids,
    now,
  );
  session.run(progress, { id, reached: found.reached, done, skipped, failed, error });
  if (found.isLast) finish(session, row, { state: "completed", by: row.who, now });
  return { id: String(id), jobs: found.ids.length, queues, cancelling };
}

/** Ends an operation, with what the audit says of it. */
function finish(
  session: Session,
  row: OperationRow,
  { state, by, now }: { readonly state: string; readonly by: string | null; readonly now: number },
): void {
  const id = Number(row.id);
  session.run(end, { id, state, now });
  const after = session.get<OperationRow>("SELECT * FROM holdfast_operation WHERE id = ?", id);
  note(session, operationOf(after ?? row), { what: state, by, now });
}

const progress = `
  UPDATE holdfast_operation SET reached = $reached, done = done + $done, skipped = skipped + $skipped,
    failed = failed + $failed, error = coalesce($error, error)
  WHERE id = $id`;

const countOn =
  "UPDATE holdfast_operation SET matched = matched + $matched, counted = $counted WHERE id = $id";

const giveUp = "UPDATE holdfast_operation SET error = $error WHERE id = $id";

/** The next jobs, or how many more there are. A filter that cannot be read would stand in the way of every operation after it. */
function tryToFind(
  session: Session,
  row: OperationRow,
  limit: number,
): NextJobs | StretchCount | { readonly error: string } {
  try {
    if (row.counted === null) return nextJobs(session, row, limit);
    const [above, upTo] = [Number(row.counted), Number(row.up_to)];
    return countStretch(session, conditionsIn(row), { above, upTo, rows: chunkRows });
  } catch (error) {
    if (isEnvironment(error)) throw error;
    return { error: `Its jobs cannot be looked for: ${messageOf(error)}` };
  }
}
