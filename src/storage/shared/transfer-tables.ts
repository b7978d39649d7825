import { HoldfastError } from "../../core/errors.ts";
import type { JobState } from "../../core/job.ts";
import {
  type ColumnKind,
  jobColumns,
  otherColumns,
  type TransferColumns,
  type TransferRecord,
  type TransferType,
} from "../../core/transfer-record.ts";

/** A value as a database library hands it out. */
type RawValue = string | number | bigint | boolean | null;

/** A row as a database library hands it out. */
export type RawRow = Readonly<Record<string, RawValue>>;

/** A table whose rows move from one database to another. */
export interface TransferTable {
  readonly name: string;
  readonly type: TransferType;
  /** What is read of a row; of a job what it may have in any of the states it can have in this table. */
  readonly columns: TransferColumns;
  /** The columns of its primary key. */
  readonly key: readonly string[];
  /** The state of a job in this table. */
  readonly state: (row: RawRow) => JobState;
}

const byNameAndKey = ["name", "key"];

/** What has state of its own to move, jobs first. */
export const transferTables: readonly TransferTable[] = [
  jobTable("live", jobColumns.running, (row) => (row["owner"] === null ? "available" : "running")),
  jobTable("later", { ...jobColumns.scheduled, retrying: "boolean" }, (row) =>
    row["retrying"] ? "retryable" : "scheduled",
  ),
  jobTable("blocked", jobColumns.blocked, () => "blocked"),
  jobTable("done", jobColumns.completed, () => "completed"),
  jobTable("dead", { ...jobColumns.discarded, state: "text" }, (row) =>
    row["state"] === "cancelled" ? "cancelled" : "discarded",
  ),
  otherTable("uniq", "unique-key", byNameAndKey),
  otherTable("idempotency", "idempotency-key", byNameAndKey),
  otherTable("generation", "generation", byNameAndKey),
  otherTable("scope", "limit", ["name"]),
  otherTable("queue", "queue", ["name"]),
  otherTable("schedule", "schedule", ["name"]),
  otherTable("schedule_group", "schedule-group", ["name"]),
];

/** What may have been declared before anything is moved in, and gives way to what comes. */
const declared: readonly TransferType[] = ["limit", "queue", "schedule", "schedule-group"];

/** The tables that must be empty before anything is moved in. */
export const tablesToFill = transferTables.filter(({ type }) => !declared.includes(type));

function jobTable(
  name: string,
  columns: TransferColumns,
  state: TransferTable["state"],
): TransferTable {
  return { name, type: "job", columns, key: ["id"], state };
}

function otherTable(
  name: string,
  type: Exclude<TransferType, "job">,
  key: readonly string[],
): TransferTable {
  return { name, type, columns: otherColumns[type], key, state: () => "completed" };
}

/** What a row says, without what belongs to the table. Written plainly, as it is done for every row there is. */
export function recordOf({ type, columns, state }: TransferTable, row: RawRow): TransferRecord {
  const jobState = type === "job" ? state(row) : undefined;
  const fields: Record<string, FieldValue> = jobState === undefined ? {} : { state: jobState };
  const told = jobState === undefined ? columns : jobColumns[jobState];
  for (const column of Object.keys(told)) {
    const kind = told[column];
    if (kind !== undefined) fields[column] = decode(kind, row[column] ?? null);
  }
  return { type, fields };
}

type FieldValue = TransferRecord["fields"][string];

function decode(kind: ColumnKind, value: RawValue): FieldValue {
  if (value === null) return null;
  switch (kind) {
    case "integer":
    case "integer?":
      return Number(value);
    case "boolean":
      return Boolean(value);
    default:
      return String(value);
  }
}

/** A row to be stored: where, and each column's value. */
export interface LandedRow {
  readonly table: TransferTable;
  readonly values: TransferRecord["fields"];
}

/** Where a record that has landed is stored. */
export function rowOf({ type, fields }: TransferRecord): LandedRow {
  const { state, ...columns } = fields;
  if (type !== "job") return { table: tableCalled(type), values: fields };
  switch (state) {
    case "available":
      return { table: tableCalled("live"), values: columns };
    case "scheduled":
    case "retryable":
      return {
        table: tableCalled("later"),
        values: { ...columns, retrying: state === "retryable" },
      };
    case "blocked":
      return { table: tableCalled("blocked"), values: columns };
    case "completed":
      return { table: tableCalled("done"), values: columns };
    case "cancelled":
    case "discarded":
      return { table: tableCalled("dead"), values: fields };
    default:
      throw new Error(`a job that is ${String(state)} has not landed`);
  }
}

function tableCalled(name: string): TransferTable {
  const table = transferTables.find((each) => each.name === name || each.type === name);
  if (table === undefined) throw new Error(`no table holds ${name}`);
  return table;
}

/** Refuses to mix what comes with what is there: their ids and keys would be taken for each other's. */
export function notEmpty(table: string): HoldfastError {
  return new HoldfastError(
    "DATABASE_NOT_EMPTY",
    `There are rows in ${table}. Import into a database without jobs and keys: a new one, or this one after holdfast drop --force and holdfast migrate.`,
    { details: { table } },
  );
}
