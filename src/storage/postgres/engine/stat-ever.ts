import { type StatTotal, totalsOf } from "../../../core/stat-total.ts";
import { counters } from "../../../core/tally.ts";
import { statColumns, type TotalRow, totalOf } from "../../shared/stat-json.ts";
import type { Connection } from "../connection.ts";
import { textArray } from "./array-literal.ts";
import type { Query } from "./session.ts";
import { tallyParams } from "./tally-params.ts";

/** Reads what was counted since ever: the totals, and the lines that are not in them yet. */
export async function readTotals({
  read,
  schema,
}: Pick<Connection, "read" | "schema">): Promise<readonly StatTotal[]> {
  return totalsOf((await read<TotalRow>(readStatement(schema))).map(totalOf));
}

/** Adds to the totals. Whoever does it holds the lock of those who add up. */
export async function addToEver(
  query: Query,
  schema: string,
  parts: readonly StatTotal[],
): Promise<void> {
  const more = totalsOf(parts);
  if (more.length === 0) return;
  const before = await query<TotalRow>(sameKeys(schema), keyParams(more));
  const sums = totalsOf([...more, ...before.map(totalOf)]);
  const tallies = sums.map(({ tally }) => tally);
  await query(putStatement(schema), [...keyParams(sums), ...tallyParams(tallies)]);
}

function keyParams(totals: readonly StatTotal[]): readonly unknown[] {
  return [textArray(totals.map(({ queue }) => queue)), textArray(totals.map(({ name }) => name))];
}

const keys = "queue, name";
const ever = `${keys}, ${counters.map((counter) => `${counter}::text`).join(", ")}, waiting, running, NULL AS tally`;

/** Walks the totals and the lines, both few. One statement, so that it sees what a pass adds up before or after, never in between. */
function readStatement(schema: string): string {
  const none = statColumns.map(() => "NULL").join(", ");
  return `SELECT ${ever} FROM ${schema}.stat_ever
    UNION ALL
    SELECT ${keys}, ${none}, string_agg(tally, ' ') FROM ${schema}.stat_line GROUP BY ${keys}`;
}

/** Index walked: stat_ever's primary key, once for each total. */
function sameKeys(schema: string): string {
  return `SELECT ${ever} FROM ${schema}.stat_ever WHERE (${keys}) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;
}

/** Index walked: stat_ever's primary key. Rows locked: those rewritten, under the pass's lock. */
function putStatement(schema: string): string {
  const places = counters.map((_, index) => `$${index + 3}::bigint[]`).join(", ");
  const texts = `$${counters.length + 3}::text[], $${counters.length + 4}::text[]`;
  const set = statColumns.map((column) => `${column} = excluded.${column}`).join(", ");
  return `INSERT INTO ${schema}.stat_ever (${keys}, ${statColumns.join(", ")})
    SELECT * FROM unnest($1::text[], $2::text[], ${places}, ${texts})
    ON CONFLICT (${keys}) DO UPDATE SET ${set}`;
}
