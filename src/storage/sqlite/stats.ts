import { keptFrom, mergeRows, minutesFrom, type StatRow } from "../../core/stat-row.ts";
import { besideMinutes, besideMs, lateRows, nextHour, takesHours } from "../../core/stat-hours.ts";
import { counters, histogramTexts } from "../../core/tally.ts";
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
import type { Session } from "./engine/session.ts";
import { addToEver, readTotals } from "./engine/stat-ever.ts";

const hourMs = 3_600_000;

/** Reads and adds up what was counted. */
export function createStatsStore(connection: Connection): StatsStore {
  return {
    readStats: ({ from, to, queue = null, name = null }) =>
      connection.read((session) => {
        return session.all<StatSumRow>(readStatement, from, to, queue, name).map(statRowOfSum);
      }),

    sumStats: ({ from, to, queue = null, name = null, step = wholeRange, apart = false }) =>
      connection.read((session) => {
        const hours = takesHours(step === wholeRange ? undefined : step);
        const params = [from, to, queue, name, step, apart ? 1 : 0, hours ? 1 : 0];
        return session.all<StatSumRow>(sumStatement, ...params).map(statRowOfSum);
      }),

    readTotals: () => connection.read(readTotals),

    async rollUpStats(limit, now, kept) {
      const due = await connection.read((session) =>
        session.get(anyToDo, minutesFrom(now, kept.minutesMs), now - kept.allMs),
      );
      if (due === undefined) return { rows: 0, more: false };
      return connection.write((session) => rollUp(session, limit, now, kept));
    },
  };
}

function rollUp(session: Session, limit: number, now: number, kept: StatsKept): PassAnswer {
  const from = minutesFrom(now, kept.minutesMs);
  const lines = session.all<StatLineRow & { readonly id: number }>(someLines, limit);
  session.run(removeLines, lines.at(-1)?.id ?? 0);
  const old = session.all<StatTableRow>(someMinutes, from, limit);
  for (const { at, queue, name } of old) session.run(removeMinute, at, queue, name);
  const fresh = lines.map(statRowOfLine);
  const rows = [...fresh, ...old.map(statRowOf)];
  const last = session.get<{ readonly at: number }>(lastHour);
  const summedTo = last === undefined ? 0 : last.at + hourMs;
  const late = lateRows(fresh, { from, summedTo });
  for (const row of mergeRows([...rows.map((each) => keptFrom(from, each)), ...late])) {
    addUp(session, row);
  }
  addHour(session, Math.max(from, summedTo), now);
  session.run(removeHours, from);
  addToEver(session, fresh);
  const gone = session.run(removeOld, now - kept.allMs, limit);
  return {
    rows: lines.length + old.length + gone,
    more: [lines.length, old.length, gone].includes(limit),
  };
}

/** Adds up the next hour that is over: it gets rows of its own beside its minutes. */
function addHour(session: Session, after: number, now: number): void {
  const hour = nextHour(session.get<{ readonly at: number }>(firstMinute, after)?.at, now);
  if (hour === undefined) return;
  const minutes = session.all<StatTableRow>(minutesOf, hour, hour + hourMs).map(statRowOf);
  for (const row of mergeRows(minutes.map(besideMinutes))) addUp(session, row);
}

/** Adds a row to the one that is there of the same span, queue and name. */
function addUp(session: Session, row: StatRow): void {
  const { spanMs, at, queue, name } = row;
  const key = [spanMs, at, queue, name] as const;
  const before = session.get<StatTableRow>(sameKey, ...key);
  const [sum] = before === undefined ? [row] : mergeRows([row, statRowOf(before)]);
  const { tally } = sum ?? row;
  const { waiting, running } = histogramTexts(tally);
  session.run(put, ...key, ...counters.map((counter) => tally.counts[counter]), waiting, running);
}

const columns = `span_ms, at, queue, name, ${statColumns.join(", ")}`;

/**
 * Index: the primary key of stat, its range of each span; the lines, which are few, are walked. Locks: none. One statement, so that
 * it sees what a pass adds up before or after, never in between.
 */
const readStatement = `
  SELECT ${columns}, NULL AS tally FROM holdfast_stat
  WHERE span_ms IN (60000, 3600000) AND at >= ?1 AND at < ?2
    AND (?3 IS NULL OR queue = ?3) AND (?4 IS NULL OR name = ?4)
  UNION ALL
  SELECT 60000, at, queue, name, ${statColumns.map(() => "NULL").join(", ")}, tally FROM holdfast_stat_line
  WHERE at >= ?1 AND at < ?2 AND (?3 IS NULL OR queue = ?3) AND (?4 IS NULL OR name = ?4)`;

const asked = "(?3 IS NULL OR queue = ?3) AND (?4 IS NULL OR name = ?4)";
const ofStep = "at - at % ?5 AS at, iif(?6, queue, '') AS queue, iif(?6, name, '') AS name";
const joined = (text: string) => `coalesce(group_concat(nullif(${text}, ''), ' '), '')`;

/** Rows of some spans, from a moment to before another. */
function part(spans: string, from: string, to: string): string {
  return `SELECT * FROM holdfast_stat WHERE span_ms IN (${spans}) AND at >= ${from} AND at < ${to} AND ${asked}`;
}

/**
 * The same rows and lines, added up: of the histograms it makes one text each, in which a bucket may come more than once. Where ?7 says
 * so, hours that have rows of their own are read from those. Index: stat's primary key, before, in and after those hours. Locks: none.
 */
const sumStatement = `
  WITH summed AS MATERIALIZED (
    SELECT max((SELECT min(at) FROM holdfast_stat WHERE span_ms = ${besideMs}), (?1 + ${hourMs - 1}) / ${hourMs} * ${hourMs}) AS low,
      min((SELECT max(at) FROM holdfast_stat WHERE span_ms = ${besideMs}) + ${hourMs}, ?2 / ${hourMs} * ${hourMs}) AS high
  ), hours AS MATERIALIZED (
    SELECT iif(?7 AND low < high, low, ?2) AS low, iif(?7 AND low < high, high, ?2) AS high FROM summed
  )
  SELECT 60000 AS span_ms, ${ofStep}, ${counters.map((counter) => `sum(${counter}) AS ${counter}`).join(", ")},
    ${joined("waiting")} AS waiting, ${joined("running")} AS running, NULL AS tally
  FROM (${part("60000, 3600000", "?1", "(SELECT low FROM hours)")}
    UNION ALL ${part(String(besideMs), "(SELECT low FROM hours)", "(SELECT high FROM hours)")}
    UNION ALL ${part("60000, 3600000", "(SELECT high FROM hours)", "?2")})
  GROUP BY 2, 3, 4
  UNION ALL
  SELECT 60000, ${ofStep}, ${statColumns.map(() => "NULL").join(", ")}, ${joined("tally")}
  FROM holdfast_stat_line WHERE at >= ?1 AND at < ?2 AND ${asked} GROUP BY 2, 3, 4`;

/** Index: the primary key, to the last hour beside minutes, to the first minute from a moment on, and the minutes of an hour. */
const lastHour = `SELECT at FROM holdfast_stat WHERE span_ms = ${besideMs} ORDER BY at DESC LIMIT 1`;
const firstMinute =
  "SELECT at FROM holdfast_stat WHERE span_ms = 60000 AND at >= ? ORDER BY at LIMIT 1";
const minutesOf = `SELECT ${columns} FROM holdfast_stat WHERE span_ms = 60000 AND at >= ? AND at < ?`;
const removeHours = `DELETE FROM holdfast_stat WHERE span_ms = ${besideMs} AND at < ?`;

/** Index: the primary keys of both tables, to the first entry of each. Locks: none. */
const anyToDo = `
  SELECT 1 WHERE (SELECT max(id) FROM holdfast_stat_line) IS NOT NULL
    OR EXISTS (SELECT 1 FROM holdfast_stat WHERE span_ms = 60000 AND at < ?1)
    OR EXISTS (SELECT 1 FROM holdfast_stat WHERE span_ms = 3600000 AND at < ?2)`;

/** Index: the primary key, from its front. Locks: the one writer of the file, held around all that follow. */
const someLines =
  "SELECT id, at, queue, name, tally FROM holdfast_stat_line WHERE id > 0 ORDER BY id LIMIT ?";
const removeLines = "DELETE FROM holdfast_stat_line WHERE id <= ?";

/** Index: the primary key, from the oldest minute. */
const someMinutes = `
  SELECT ${columns} FROM holdfast_stat WHERE span_ms = 60000 AND at < ? ORDER BY at LIMIT ?`;
const removeMinute =
  "DELETE FROM holdfast_stat WHERE span_ms = 60000 AND at = ? AND queue = ? AND name = ?";

/** Index: the primary key. */
const sameKey = `
  SELECT ${columns} FROM holdfast_stat WHERE span_ms = ? AND at = ? AND queue = ? AND name = ?`;
const put = `INSERT OR REPLACE INTO holdfast_stat (${columns})
  VALUES (${["span_ms", "at", "queue", "name", ...statColumns].map(() => "?").join(", ")})`;

/** Index: the primary key, from the oldest hour. */
const removeOld = `
  DELETE FROM holdfast_stat WHERE (span_ms, at, queue, name) IN (
    SELECT span_ms, at, queue, name FROM holdfast_stat WHERE span_ms = 3600000 AND at < ? ORDER BY at LIMIT ?)`;
