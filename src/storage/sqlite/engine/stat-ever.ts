import { type StatTotal, totalsOf } from "../../../core/stat-total.ts";
import { counters, histogramTexts } from "../../../core/tally.ts";
import { statColumns, type TotalRow, totalOf } from "../../shared/stat-json.ts";
import type { Session } from "./session.ts";

/** Reads what was counted since ever: the totals, and the lines that are not in them yet. */
export function readTotals(session: Session): readonly StatTotal[] {
  return totalsOf(session.all<TotalRow>(readStatement).map(totalOf));
}

/** Adds to the totals. */
export function addToEver(session: Session, parts: readonly StatTotal[]): void {
  for (const more of totalsOf(parts)) {
    const { queue, name } = more;
    const before = session.get<TotalRow>(sameKey, queue, name);
    const [sum] = before === undefined ? [more] : totalsOf([more, totalOf(before)]);
    const { tally } = sum ?? more;
    const { waiting, running } = histogramTexts(tally);
    const counts = counters.map((counter) => tally.counts[counter]);
    session.run(put, queue, name, ...counts, waiting, running);
  }
}

const columns = `queue, name, ${statColumns.join(", ")}`;

/** Walks the totals and the lines, both few. Locks: none. One statement, so that it sees what a pass adds up before or after, never in between. */
const readStatement = `
  SELECT ${columns}, NULL AS tally FROM holdfast_stat_ever
  UNION ALL
  SELECT queue, name, ${statColumns.map(() => "NULL").join(", ")}, group_concat(tally, ' ')
  FROM holdfast_stat_line GROUP BY queue, name`;

/** Index: the primary key. */
const sameKey = `SELECT ${columns}, NULL AS tally FROM holdfast_stat_ever WHERE queue = ? AND name = ?`;
const put = `INSERT OR REPLACE INTO holdfast_stat_ever (${columns})
  VALUES (${["queue", "name", ...statColumns].map(() => "?").join(", ")})`;
