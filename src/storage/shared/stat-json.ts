import { parseHistogram } from "../../core/histogram.ts";
import type { StatLine } from "../../core/stat-line.ts";
import type { StatRow } from "../../core/stat-row.ts";
import { addTallyText, type Counter, counters, emptyTally } from "../../core/tally.ts";
import type { Int64 } from "./job-json.ts";

/** A row of the table `stat`: a column for each counter, and the two histograms as texts. */
export type StatTableRow = Readonly<Record<Counter, Int64>> & {
  readonly span_ms: number;
  readonly at: Int64;
  readonly queue: string;
  readonly name: string;
  readonly waiting: string;
  readonly running: string;
};

/** A row of the table `stat_line`. */
export interface StatLineRow extends Omit<StatLine, "at"> {
  readonly at: Int64;
}

/** The columns of `stat` after those of its key. */
export const statColumns = [...counters, "waiting", "running"] as const;

/** What a row of `stat` says. */
export function statRowOf(row: StatTableRow): StatRow {
  const { counts } = emptyTally();
  for (const counter of counters) counts[counter] = Number(row[counter]);
  const waiting = parseHistogram(row.waiting);
  const running = parseHistogram(row.running);
  const { queue, name } = row;
  return {
    at: Number(row.at),
    spanMs: row.span_ms,
    queue,
    name,
    tally: { counts, waiting, running },
  };
}

/** What a line says: it is of a minute. */
export function statRowOfLine({ at, queue, name, tally: text }: StatLineRow): StatRow {
  const tally = emptyTally();
  addTallyText(tally, text);
  return { at: Number(at), spanMs: 60_000, queue, name, tally };
}
