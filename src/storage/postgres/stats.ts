import { keptFrom, mergeRows, minutesFrom, type StatRow } from "../../core/stat-row.ts";
import { besideMinutes, besideMs, lateRows, nextHour, takesHours } from "../../core/stat-hours.ts";
import { counters } from "../../core/tally.ts";
import type { PassAnswer } from "../contract/maintain.ts";
import type { StatsKept, StatsStore } from "../contract/stats.ts";
import {
  type StatLineRow,
  statColumns,
  statRowOf,
  statRowOfLine,
  type StatSumRow,
  statRowOfSum,
  type StatTableRow,
  wholeRange,
} from "../shared/stat-json.ts";
import type { Connection } from "./connection.ts";
import { numberArray, textArray } from "./engine/array-literal.ts";
import type { Query } from "./engine/session.ts";
import { addToEver, readTotals } from "./engine/stat-ever.ts";
import { tallyParams } from "./engine/tally-params.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const nothing: PassAnswer = { rows: 0, more: false };

/** Reads and adds up what was counted. */
export function createStatsStore(connection: Connection): StatsStore {
  const { schema } = connection;
  const sweep = createSweep();
  return {
    async readStats({ from, to, queue, name }) {
      const params = [from, to, queue ?? null, name ?? null];
      return (await connection.read<StatSumRow>(readStatement(schema), params)).map(statRowOfSum);
    },

    async sumStats({ from, to, queue, name, step = wholeRange, apart = false }) {
      const hours = takesHours(step === wholeRange ? undefined : step);
      const params = [from, to, queue ?? null, name ?? null, step, apart, hours];
      return (await connection.read<StatSumRow>(sumStatement(schema), params)).map(statRowOfSum);
    },

    readTotals: () => readTotals(connection),

    async rollUpStats(limit, now, kept) {
      const after = sweep.next();
      const [found] = await connection.read<{ readonly any: boolean }>(anyToDo(schema), [
        after,
        minutesFrom(now, kept.minutesMs),
        now - kept.allMs,
      ]);
      if (found?.any !== true) return nothing;
      const done = await connection.atomically((query) =>
        rollUp(query, schema, { limit, now, kept, after }),
      );
      sweep.reached(done.last);
      return done;
    },
  };
}

/** Now and then from the first line on, as one may have been committed late. */
const sweepEvery = 30;

/**
 * Where to go on: a snapshot kept open somewhere keeps the dead lines, and walking them again in each pass would take longer
 * each time.
 */
function createSweep() {
  let passes = 0;
  let last = "0";
  return {
    next(): string {
      if (passes % sweepEvery === 0) last = "0";
      passes += 1;
      return last;
    },
    reached(id: string | null): void {
      if (id !== null) last = id;
    },
  };
}

interface RollUp {
  readonly limit: number;
  readonly now: number;
  readonly kept: StatsKept;
  /** The last line that an earlier pass has taken. */
  readonly after: string;
}

/** One process at a time adds up: the lock goes with the transaction, and whoever does not get it leaves it to its holder. */
async function rollUp(
  query: Query,
  schema: string,
  { limit, now, kept, after }: RollUp,
): Promise<PassAnswer & { readonly last: string | null }> {
  const lock = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free";
  const [got] = await query<{ readonly free: boolean }>(lock, [`holdfast stats ${schema}`]);
  if (got?.free !== true) return { ...nothing, last: null };
  const from = minutesFrom(now, kept.minutesMs);
  const lines = await query<StatLineRow & { readonly id: string }>(takeLines(schema), [
    after,
    limit,
  ]);
  const fresh = lines.map(statRowOfLine);
  const old = await query<StatTableRow>(takeMinutes(schema), [from, limit]);
  const rows = [...fresh, ...old.map(statRowOf)];
  const [edge] = await query<{ readonly at: string }>(lastHour(schema), []);
  const summedTo = edge === undefined ? 0 : Number(edge.at) + hourMs;
  const late = lateRows(fresh, { from, summedTo });
  await addUp(query, schema, mergeRows([...rows.map((row) => keptFrom(from, row)), ...late]));
  await addHour(query, schema, { after: Math.max(from, summedTo), now });
  await query(removeHours(schema), [from]);
  await addToEver(query, schema, fresh);
  const gone = await query(removeOld(schema), [now - kept.allMs, limit]);
  const counts = [lines.length, old.length, gone.length];
  return {
    rows: counts.reduce((sum, count) => sum + count, 0),
    more: counts.some((count) => count === limit),
    last: highest(lines),
  };
}

/** Adds up the next hour that is over: it gets rows of its own beside its minutes. */
async function addHour(
  query: Query,
  schema: string,
  { after, now }: { readonly after: number; readonly now: number },
): Promise<void> {
  const [first] = await query<{ readonly at: string }>(firstMinute(schema), [after]);
  const hour = nextHour(first === undefined ? undefined : Number(first.at), now);
  if (hour === undefined) return;
  const minutes = await query<StatTableRow>(minutesOf(schema), [hour, hour + hourMs]);
  await addUp(query, schema, mergeRows(minutes.map((row) => besideMinutes(statRowOf(row)))));
}

function highest(lines: readonly { readonly id: string }[]): string | null {
  let last = 0n;
  for (const { id } of lines) if (BigInt(id) > last) last = BigInt(id);
  return last === 0n ? null : String(last);
}

/** Adds rows to those that are there of the same spans, queues and names. */
async function addUp(query: Query, schema: string, rows: readonly StatRow[]): Promise<void> {
  if (rows.length === 0) return;
  const before = await query<StatTableRow>(sameKeys(schema), keyParams(rows));
  const sums = mergeRows([...rows, ...before.map(statRowOf)]);
  const tallies = sums.map(({ tally }) => tally);
  await query(putStatement(schema), [...keyParams(sums), ...tallyParams(tallies)]);
}

function keyParams(rows: readonly StatRow[]): readonly unknown[] {
  return [
    numberArray(rows.map(({ spanMs }) => spanMs)),
    numberArray(rows.map(({ at }) => at)),
    textArray(rows.map(({ queue }) => queue)),
    textArray(rows.map(({ name }) => name)),
  ];
}

const keys = "span_ms, at, queue, name";
const keyInput = "unnest($1::integer[], $2::bigint[], $3::text[], $4::text[])";
const read = `span_ms, at::text, queue, name, ${counters.map((counter) => `${counter}::text`).join(", ")}, waiting, running`;

/**
 * Index walked: stat's primary key, its range of each span; the lines, which are few, are walked. One statement, so that it sees
 * what a pass adds up before or after, never in between.
 */
function readStatement(schema: string): string {
  const asked = "($3::text IS NULL OR queue = $3) AND ($4::text IS NULL OR name = $4)";
  const none = [...counters.map(() => "NULL"), "NULL", "NULL"].join(", ");
  return `SELECT ${read}, NULL AS tally FROM ${schema}.stat
      WHERE span_ms IN (60000, 3600000) AND at >= $1::bigint AND at < $2::bigint AND ${asked}
    UNION ALL
    SELECT 60000, at::text, queue, name, ${none}, tally FROM ${schema}.stat_line
      WHERE at >= $1::bigint AND at < $2::bigint AND ${asked}`;
}

/**
 * The same rows and lines, added up by the server: of the histograms it makes one text each, in which a bucket may come more than once.
 * Where $7 says so, hours that have rows of their own are read from those.
 *
 * Index walked: stat's primary key, before, in and after the hours that have rows of their own.
 */
function sumStatement(schema: string): string {
  const asked = "($3::text IS NULL OR queue = $3) AND ($4::text IS NULL OR name = $4)";
  const of = `(at - at % $5::bigint)::text AS at, CASE WHEN $6 THEN queue ELSE '' END AS queue,
      CASE WHEN $6 THEN name ELSE '' END AS name`;
  const sums = counters.map((counter) => `sum(${counter})::text AS ${counter}`).join(", ");
  const joined = (text: string) => `coalesce(string_agg(nullif(${text}, ''), ' '), '')`;
  const part = (spans: string, from: string, to: string) =>
    `SELECT * FROM ${schema}.stat WHERE span_ms IN (${spans}) AND at >= ${from} AND at < ${to} AND ${asked}`;
  const [low, high] = ["(SELECT low FROM hours)", "(SELECT high FROM hours)"];
  const lines = "at >= $1::bigint AND at < $2::bigint";
  return `WITH summed AS (
      SELECT (SELECT min(at) FROM ${schema}.stat WHERE span_ms = ${besideMs}) AS first,
        (SELECT max(at) FROM ${schema}.stat WHERE span_ms = ${besideMs}) + ${hourMs} AS last
    ), hours AS MATERIALIZED (
      SELECT CASE WHEN fits THEN low ELSE $2::bigint END AS low, CASE WHEN fits THEN high ELSE $2::bigint END AS high FROM (
        SELECT low, high, coalesce($7 AND low < high AND first IS NOT NULL, false) AS fits FROM (
          SELECT first, greatest(first, ($1::bigint + ${hourMs - 1}) / ${hourMs} * ${hourMs}) AS low,
            least(last, $2::bigint / ${hourMs} * ${hourMs}) AS high FROM summed) AS inner_hours) AS checked
    )
    SELECT 60000 AS span_ms, ${of}, ${sums}, ${joined("waiting")} AS waiting, ${joined("running")} AS running, NULL AS tally
    FROM (${part("60000, 3600000", "$1::bigint", low)} UNION ALL ${part(String(besideMs), low, high)}
      UNION ALL ${part("60000, 3600000", high, "$2::bigint")}) AS parts
    GROUP BY 2, 3, 4
    UNION ALL
    SELECT 60000, ${of}, ${statColumns.map(() => "NULL").join(", ")}, ${joined("tally")}
    FROM ${schema}.stat_line WHERE ${lines} AND ${asked} GROUP BY 2, 3, 4`;
}

/** Index walked: stat's primary key, to its last hour beside minutes. */
function lastHour(schema: string): string {
  return `SELECT at::text FROM ${schema}.stat WHERE span_ms = ${besideMs} ORDER BY at DESC LIMIT 1`;
}

/** Index walked: stat's primary key, to the first minute from a moment on. */
function firstMinute(schema: string): string {
  return `SELECT at::text FROM ${schema}.stat WHERE span_ms = ${minuteMs} AND at >= $1::bigint ORDER BY at LIMIT 1`;
}

/** Index walked: stat's primary key, the minutes of an hour. */
function minutesOf(schema: string): string {
  return `SELECT ${read} FROM ${schema}.stat WHERE span_ms = ${minuteMs} AND at >= $1::bigint AND at < $2::bigint`;
}

/** Index walked: stat's primary key, the oldest hours beside minutes. Rows locked: those removed, under the pass's lock. */
function removeHours(schema: string): string {
  return `DELETE FROM ${schema}.stat WHERE span_ms = ${besideMs} AND at < $1::bigint`;
}

/** Index walked: the primary keys of both tables, to the first entry that counts. */
function anyToDo(schema: string): string {
  return `SELECT (SELECT id FROM ${schema}.stat_line WHERE id > $1::bigint ORDER BY id LIMIT 1) IS NOT NULL
    OR (SELECT min(at) < $2::bigint FROM ${schema}.stat WHERE span_ms = 60000)
    OR (SELECT min(at) < $3::bigint FROM ${schema}.stat WHERE span_ms = 3600000) AS any`;
}

/** Index walked: stat_line's primary key from where the last pass ended. Rows locked: those taken, which nobody else wants. */
function takeLines(schema: string): string {
  return `DELETE FROM ${schema}.stat_line WHERE id = ANY (ARRAY(
      SELECT id FROM ${schema}.stat_line WHERE id > $1::bigint ORDER BY id LIMIT $2))
    RETURNING id::text, at::text, queue, name, tally`;
}

/** Index walked: stat's primary key, from the oldest minute. */
function takeMinutes(schema: string): string {
  return `DELETE FROM ${schema}.stat WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${schema}.stat WHERE span_ms = ${minuteMs} AND at < $1::bigint ORDER BY at LIMIT $2))
    RETURNING ${read}`;
}

/** Index walked: stat's primary key, from the oldest hour. */
function removeOld(schema: string): string {
  return `DELETE FROM ${schema}.stat WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${schema}.stat WHERE span_ms = 3600000 AND at < $1::bigint ORDER BY at LIMIT $2))
    RETURNING 1`;
}

/** Index walked: stat's primary key, once for each row. */
function sameKeys(schema: string): string {
  return `SELECT ${read} FROM ${schema}.stat WHERE (${keys}) IN (SELECT * FROM ${keyInput})`;
}

/** Index walked: stat's primary key. Rows locked: those rewritten, under the pass's lock. */
function putStatement(schema: string): string {
  const places = counters.map((_, index) => `$${index + 5}::bigint[]`).join(", ");
  const texts = `$${counters.length + 5}::text[], $${counters.length + 6}::text[]`;
  const set = statColumns.map((column) => `${column} = excluded.${column}`).join(", ");
  return `INSERT INTO ${schema}.stat (${keys}, ${statColumns.join(", ")})
    SELECT * FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], ${places}, ${texts})
    ON CONFLICT (${keys}) DO UPDATE SET ${set}`;
}
