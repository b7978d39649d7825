import { parseHistogram } from "../../core/histogram.ts";
import type { StatLine } from "../../core/stat-line.ts";
import type { StatRow } from "../../core/stat-row.ts";
import type { StatTotal } from "../../core/stat-total.ts";
import { addTallyText, type Counter, counters, emptyTally, type Tally } from "../../core/tally.ts";
import type { Int64 } from "./job-json.ts";

/** What the tables of sums have: a column for each counter, and the two histograms as texts. */
type SumColumns = Readonly<Record<Counter, Int64>> & {
  readonly waiting: string;
  readonly running: string;
};

/** A row of the table `stat`. */
export type StatTableRow = SumColumns & {
  readonly span_ms: number;
  readonly at: Int64;
  readonly queue: string;
  readonly name: string;
};

/** A row of the table `stat_ever`, or the lines of one queue and name, which have nothing but their tallies. */
export type TotalRow = ((SumColumns & { readonly tally: null }) | { readonly tally: string }) & {
  readonly queue: string;
  readonly name: string;
};

/** A row of the table `stat_line`. */
export interface StatLineRow extends Omit<StatLine, "at"> {
  readonly at: Int64;
}

/** The columns of `stat` after those of its key. */
export const statColumns = [...counters, "waiting", "running"] as const;

/** What a row of `stat` says. */
export function statRowOf(row: StatTableRow): StatRow {
  const { queue, name } = row;
  return { at: Number(row.at), spanMs: row.span_ms, queue, name, tally: sumOf(row) };
}

function sumOf(row: SumColumns): Tally {
  const { counts } = emptyTally();
  for (const counter of counters) counts[counter] = Number(row[counter]);
  return { counts, waiting: parseHistogram(row.waiting), running: parseHistogram(row.running) };
}

/** What a row says was counted of a queue and name. */
export function totalOf(row: TotalRow): StatTotal {
  const { queue, name } = row;
  return { queue, name, tally: row.tally === null ? sumOf(row) : tallyOf(row.tally) };
}

function tallyOf(text: string): Tally {
  const tally = emptyTally();
  addTallyText(tally, text);
  return tally;
}

/** A step of many rows added up, or of many lines. */
export type StatSumRow = StatTableRow & { readonly tally: string | null };

/** What such a step says. */
export function statRowOfSum(row: StatSumRow): StatRow {
  return row.tally === null ? statRowOf(row) : statRowOfLine({ ...row, tally: row.tally });
}

/** The step that stands for all of a range: longer than any. */
export const wholeRange = 1e16;

/** What a line says: it is of a minute. */
export function statRowOfLine({ at, queue, name, tally: text }: StatLineRow): StatRow {
  return { at: Number(at), spanMs: 60_000, queue, name, tally: tallyOf(text) };
}
