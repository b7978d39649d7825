import { HoldfastError } from "../../core/errors.ts";
import type { TransferStore } from "../contract/transfer.ts";
import {
  type LandedRow,
  notEmpty,
  type RawRow,
  recordOf,
  rowOf,
  tablesToFill,
  type TransferTable,
  transferTables,
} from "../shared/transfer-tables.ts";
import type { Connection } from "./connection.ts";
import type { NamedValues } from "./engine/handle.ts";
import type { Session } from "./engine/session.ts";

const pageSize = 500;

/** Moving everything out of a file, or into one. */
export function createTransferStore(connection: Connection): TransferStore {
  return {
    exportRecords: (take) =>
      connection.read((session) => {
        // Several statements, one look: in memory nobody else can write meanwhile anyway.
        session.handle.exec("BEGIN");
        try {
          for (const table of transferTables) exportTable(session, table, take);
          return drawnNumbers(session);
        } finally {
          session.handle.exec("COMMIT");
        }
      }),
    importRecords: (batches, { lastId, lastSeq }) =>
      connection.write((session) => {
        for (const { name } of tablesToFill) {
          const row = session.get(`SELECT 1 FROM holdfast_${name} LIMIT 1`);
          if (row !== undefined) throw notEmpty(`holdfast_${name}`);
        }
        for (const batch of batches) for (const record of batch) insertRow(session, rowOf(record));
        session.run(
          "UPDATE holdfast_sequence SET id = max(id, ?), seq = max(seq, ?)",
          numberOf(lastId),
          numberOf(lastSeq),
        );
      }),
  };
}

/** Index: the table's primary key, from page to page. Locks: none; the snapshot keeps the WAL from being checkpointed past it. */
function exportTable(
  session: Session,
  table: TransferTable,
  take: Parameters<TransferStore["exportRecords"]>[0],
): void {
  const { name, columns, key } = table;
  const places = key.map((column) => `$${column}`).join(", ");
  const page = (where: string) =>
    `SELECT ${Object.keys(columns).join(", ")} FROM holdfast_${name} ${where} ORDER BY ${key.join(", ")} LIMIT ${pageSize}`;
  let rows = session.all<RawRow>(page(""));
  for (;;) {
    if (rows.length > 0) take(rows.map((row) => recordOf(table, row)));
    const last = rows.length < pageSize ? undefined : rows.at(-1);
    if (last === undefined) return;
    const after = Object.fromEntries(key.map((column) => [column, last[column]])) as NamedValues;
    rows = session.all<RawRow>(page(`WHERE (${key.join(", ")}) > (${places})`), after);
  }
}

function drawnNumbers(session: Session) {
  const row = session.get<{ readonly id: number; readonly seq: number }>(
    "SELECT id, seq FROM holdfast_sequence",
  );
  return { lastId: String(row?.id ?? 0), lastSeq: String(row?.seq ?? 0) };
}

/** Here ids are numbers of JavaScript. */
function numberOf(text: string): number {
  if (text.length <= 15) return Number(text);
  throw new HoldfastError(
    "INVALID_OPTION",
    `The exported database has drawn the number ${text}, which is too large for SQLite here.`,
  );
}

/** What was declared before gives way. */
function insertRow(session: Session, { table, values }: LandedRow): void {
  const verb = tablesToFill.includes(table) ? "INSERT" : "INSERT OR REPLACE";
  const columns = Object.keys(values);
  session.run(
    `${verb} INTO holdfast_${table.name} (${columns.join(", ")}) VALUES (${columns.map((column) => `$${column}`).join(", ")})`,
    Object.fromEntries(
      Object.entries(values).map(([column, value]) => [column, encode(table, column, value)]),
    ) as NamedValues,
  );
}

function encode({ columns }: TransferTable, column: string, value: unknown): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  return columns[column]?.startsWith("id") === true && typeof value === "string"
    ? numberOf(value)
    : value;
}
