const names = 20;
const queues = 5;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** An hour beside its minutes. */
const hourBesideMs = hourMs + 1;

/** Twenty-five buckets, as a name has whose jobs take from 80 ms to 700 ms. */
const histogram = Array.from({ length: 25 }, (_, n) => `${150 + n * 3}:${5 + n}`).join(" ");

/** Statements that count for every name, by the minute for two days and by the hour for a month, as a system has it that is never idle. */
export function fillStats(table: string): readonly string[] {
  const spans = [
    [minuteMs, minuteMs, 0, 2_880],
    [hourMs, hourMs, 48, 720],
    [hourBesideMs, hourMs, 1, 47],
  ] as const;
  return spans.map(([span, step, from, to]) => {
    const last = Math.floor(Date.now() / step);
    return `INSERT INTO ${table}
      WITH RECURSIVE span(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM span WHERE n < ${to - 1}),
        kind(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM kind WHERE k < ${names - 1})
      SELECT ${span}, (CAST(${last} AS bigint) - n) * ${step}, 'queue-' || (k % ${queues}), 'name-' || k,
        100, 100, 95, 0, 0, 5, 4, 1, 0, 0, '${histogram}', '${histogram}' FROM span, kind`;
  });
}

/** A statement that lets a seventh of the completed jobs of a week expire, as a day's do at midnight. */
export function expireDay(backend: "postgres" | "sqlite"): string {
  const yesterday = Math.floor(Date.now() / (24 * hourMs)) - 1;
  const [table, row] =
    backend === "postgres" ? ["holdfast.done_expiry", "ctid"] : ["holdfast_done", "id"];
  return `UPDATE ${table} SET bucket = ${yesterday} WHERE ${row} IN (
    SELECT ${row} FROM ${table} ORDER BY bucket LIMIT (SELECT count(*) / 7 FROM ${table}))`;
}
