import type { ScheduleFailure, ScheduleRecord, TickOutcome } from "../../core/schedule.ts";
import type { Int64 } from "./job-json.ts";

/** The columns of a schedule's row, beside its name and revision, in the order of `scheduleValues`. */
export const scheduleColumns = [
  "grp",
  "plan",
  "paused_at",
  "paused_by",
  "due_at",
  "next_at",
  "last_at",
  "last_outcome",
  "last_job",
  "failure",
  "created_at",
  "changed_at",
] as const;

/** A schedule's row. */
export interface ScheduleRow {
  readonly name: string;
  readonly revision: Int64;
  readonly grp: string | null;
  readonly plan: string;
  readonly paused_at: Int64 | null;
  readonly paused_by: string | null;
  readonly due_at: Int64 | null;
  readonly next_at: Int64 | null;
  readonly last_at: Int64 | null;
  readonly last_outcome: string | null;
  readonly last_job: Int64 | null;
  readonly failure: string | null;
  readonly created_at: Int64;
  readonly changed_at: Int64;
}

/** What a row keeps of a schedule. */
export function scheduleValues(record: ScheduleRecord): readonly (string | number | null)[] {
  return [
    record.group,
    record.plan,
    record.pausedAt,
    record.pausedBy,
    record.dueAt,
    record.nextAt,
    record.lastAt,
    record.lastOutcome,
    record.lastJob,
    record.failure === null ? null : JSON.stringify(record.failure),
    record.createdAt,
    record.changedAt,
  ];
}

/** The schedule of a row. */
export function scheduleRecordOf(row: ScheduleRow): ScheduleRecord {
  return {
    name: row.name,
    group: row.grp,
    plan: row.plan,
    revision: Number(row.revision),
    pausedAt: timeOf(row.paused_at),
    pausedBy: row.paused_by,
    dueAt: timeOf(row.due_at),
    nextAt: timeOf(row.next_at),
    lastAt: timeOf(row.last_at),
    lastOutcome: row.last_outcome as TickOutcome | null,
    lastJob: row.last_job === null ? null : String(row.last_job),
    failure: row.failure === null ? null : (JSON.parse(row.failure) as ScheduleFailure),
    createdAt: Number(row.created_at),
    changedAt: Number(row.changed_at),
  };
}

function timeOf(value: Int64 | null): number | null {
  return value === null ? null : Number(value);
}
