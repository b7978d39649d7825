import type { AuditEntry } from "../../core/audit-client.ts";
import { keptDetails } from "../../core/audit-details.ts";
import type { JobConditions, JobFilter } from "../../core/job-filter.ts";
import type { BulkAction, Operation, OperationState } from "../../core/operation.ts";
import type { Int64 } from "./job-json.ts";

/** A row of the table of operations. JSON columns are text. */
export interface OperationRow {
  readonly id: Int64;
  readonly action: string;
  readonly settings: string;
  readonly filter: string;
  readonly conditions: string;
  readonly who: string | null;
  readonly state: string;
  readonly up_to: Int64;
  readonly reached: Int64;
  readonly matched: Int64;
  readonly counted: Int64 | null;
  readonly done: Int64;
  readonly skipped: Int64;
  readonly failed: Int64;
  readonly error: string | null;
  readonly created_at: Int64;
  readonly finished_at: Int64 | null;
}

type Settings = Pick<Operation, "why" | "queue" | "priority">;

/** What a row keeps of the settings of an action. */
export function settingsText({ why, queue, priority }: Settings): string {
  return JSON.stringify({ why, queue, priority });
}

/** The operation a row describes. */
export function operationOf(row: OperationRow): Operation {
  return {
    id: String(row.id),
    action: row.action as BulkAction,
    filter: JSON.parse(row.filter) as JobFilter,
    by: row.who,
    ...(JSON.parse(row.settings) as Settings),
    state: row.state as OperationState,
    matched: Number(row.matched),
    atLeast: row.counted !== null,
    done: Number(row.done),
    skipped: Number(row.skipped),
    failed: Number(row.failed),
    error: row.error,
    createdAt: Number(row.created_at),
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
  };
}

/** The jobs an operation is about. */
export function conditionsIn({ conditions }: OperationRow): JobConditions {
  return JSON.parse(conditions) as JobConditions;
}

/** What the audit says of an operation that began or ended. */
export function operationDetails(operation: Operation): string {
  const { action, filter, why, queue, priority, done, skipped, failed, state } = operation;
  const { matched, atLeast } = operation;
  const found = atLeast ? { matched, atLeast } : { matched };
  const counts = state === "running" ? found : { ...found, done, skipped, failed };
  const given = Object.entries({ why, queue, priority }).filter(([, value]) => value !== null);
  return JSON.stringify(keptDetails({ action, filter, ...Object.fromEntries(given), ...counts }));
}

/** A row of the audit. */
export interface AuditRow {
  readonly id: Int64;
  readonly at: Int64;
  readonly who: string | null;
  readonly action: string;
  readonly target: string;
  readonly details: string;
}

/** The entry a row describes. */
export function auditEntryOf(row: AuditRow): AuditEntry {
  return {
    id: String(row.id),
    at: Number(row.at),
    by: row.who,
    action: row.action,
    target: row.target,
    details: JSON.parse(row.details) as AuditEntry["details"],
  };
}
