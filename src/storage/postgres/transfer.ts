import type { ColumnKind } from "../../core/transfer-record.ts";
import type { DrawnNumbers, TransferStore } from "../contract/transfer.ts";
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
import { lastDrawn } from "./engine/sequence.ts";
import type { Query } from "./engine/session.ts";

const pageSize = 500;

/** Moving everything out of a schema, or into one. */
export function createTransferStore({ schema, atomically }: Connection): TransferStore {
  return {
    exportRecords: (take) =>
      atomically(async (query) => {
        await query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        for (const table of transferTables) {
          await query(`DECLARE moving NO SCROLL CURSOR FOR ${selectFrom(schema, table)}`);
          for (;;) {
            const rows = await query<RawRow>(`FETCH ${pageSize} FROM moving`);
            if (rows.length > 0) take(rows.map((row) => recordOf(table, row)));
            if (rows.length < pageSize) break;
          }
          await query("CLOSE moving");
        }
        return drawnNumbers(query, schema);
      }),
    importRecords: (batches, drawn) =>
      atomically(async (query) => {
        await drawAbove(query, schema, drawn);
        for (const { name } of tablesToFill) {
          const [row] = await query<{ found: boolean }>(
            `SELECT EXISTS (SELECT FROM ${schema}.${name}) AS found`,
          );
          if (row?.found === true) throw notEmpty(name);
        }
        for (const batch of batches) await insertRows(query, schema, batch.map(rowOf));
      }),
  };
}

/**
 * Index walked: none, each table is read once, in a transaction of its own snapshot. Locks: none that writers feel. The day a
 * completed job expires stands in the list it was written with; of one that is in no list it is told as usual.
 */
function selectFrom(schema: string, { name, columns }: TransferTable): string {
  const asText = (column: string, kind: ColumnKind) =>
    kind === "boolean" || kind.startsWith("text") ? `job.${column}` : `job.${column}::text`;
  const selected = Object.entries(columns).map(([column, kind]) =>
    name === "done" && column === "bucket"
      ? "coalesce(listed.bucket, job.finished_at / 86400000 + 7) AS bucket"
      : `${asText(column, kind)} AS ${column}`,
  );
  const listed =
    name === "done"
      ? `LEFT JOIN (SELECT unnest(ids) AS id, bucket FROM ${schema}.done_expiry) listed ON listed.id = job.id`
      : "";
  return `SELECT ${selected.join(", ")} FROM ${schema}.${name} job ${listed}`;
}

/** Read after the snapshot was taken, so that nothing in it was drawn later. */
async function drawnNumbers(query: Query, schema: string): Promise<DrawnNumbers> {
  const last = async (sequence: string) => {
    const [row] = await query<{ last: string }>(
      `SELECT ${lastDrawn(`${schema}.${sequence}`)}::text AS last`,
    );
    return row?.last ?? "0";
  };
  return { lastId: await last("job_id"), lastSeq: await last("job_seq") };
}

/**
 * Locks: both sequences, until the commit. Whoever has drawn a number and not yet committed is waited for, and whoever wants one
 * waits: no job can come in between with an id that is about to come.
 */
async function drawAbove(
  query: Query,
  schema: string,
  { lastId, lastSeq }: DrawnNumbers,
): Promise<void> {
  for (const [sequence, last] of [
    [`${schema}.job_id`, lastId],
    [`${schema}.job_seq`, lastSeq],
  ] as const) {
    await query(`ALTER SEQUENCE ${sequence} CACHE 1`);
    const [row] = await query<{ last: string }>(`SELECT ${lastDrawn(sequence)}::text AS last`);
    if (BigInt(row?.last ?? 0) < BigInt(last)) {
      await query(`ALTER SEQUENCE ${sequence} RESTART WITH ${BigInt(last) + 1n}`);
    }
  }
}

/** One statement for each table the rows go to. */
async function insertRows(query: Query, schema: string, rows: readonly LandedRow[]): Promise<void> {
  for (const table of transferTables) {
    const own = rows.filter((row) => row.table === table).map(({ values }) => values);
    if (own.length === 0) continue;
    await query(insertStatement(schema, table), [JSON.stringify(own)]);
  }
}

const types: Readonly<Record<string, string>> = {
  id: "bigint",
  integer: "bigint",
  text: "text",
  json: "text",
  boolean: "boolean",
  trace: "text",
};

/** What was declared before gives way. A completed job is listed under the day it expires. */
function insertStatement(schema: string, table: TransferTable): string {
  const columns = Object.entries(table.columns).filter(
    ([column]) => !(table.name === "live" && runningOnly.includes(column)),
  );
  const stored = columns.filter(([column]) => !(table.name === "done" && column === "bucket"));
  const names = stored.map(([column]) => column).join(", ");
  const values = stored.map(([column, kind]) =>
    kind.startsWith("json") ? `r.${column}::json` : `r.${column}`,
  );
  const typed = columns.map(([column, kind]) => `${column} ${types[kind.replace("?", "")]}`);
  const come = `WITH r AS (SELECT * FROM json_to_recordset($1::json) AS r(${typed.join(", ")}))`;
  const listing =
    table.name === "done"
      ? `, listed AS (INSERT INTO ${schema}.done_expiry (bucket, ids) SELECT bucket, array_agg(id) FROM r GROUP BY bucket)`
      : "";
  const changes = stored
    .filter(([column]) => !table.key.includes(column))
    .map(([column]) => `${column} = excluded.${column}`);
  const conflict = tablesToFill.includes(table)
    ? ""
    : `ON CONFLICT (${table.key.join(", ")}) DO UPDATE SET ${changes.join(", ")}`;
  return `${come}${listing} INSERT INTO ${schema}.${table.name} (${names}) SELECT ${values.join(", ")} FROM r ${conflict}`;
}

/** What a job has only while it runs: one that has landed does not. */
const runningOnly = ["owner", "claimed_at", "started", "cancel"];
