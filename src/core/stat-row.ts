import { addTally, emptyTally, type Tally } from "./tally.ts";

/** What is kept of one span of time, queue and name. */
export interface StatRow {
  /** The span's beginning, in milliseconds since the epoch. */
  readonly at: number;
  /** Its length in milliseconds: a minute, or an hour for what is older. */
  readonly spanMs: number;
  readonly queue: string;
  readonly name: string;
  readonly tally: Tally;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Adds up rows of the same span, queue and name. */
export function mergeRows(rows: Iterable<StatRow>): readonly StatRow[] {
  const merged = new Map<string, StatRow>();
  for (const row of rows) {
    const key = `${row.spanMs} ${row.at} ${row.queue.length} ${row.queue} ${row.name}`;
    let into = merged.get(key);
    if (into === undefined) {
      into = { ...row, tally: emptyTally() };
      merged.set(key, into);
    }
    addTally(into.tally, row.tally);
  }
  return [...merged.values()];
}

/** The first moment that is still kept by minutes: a whole hour. */
export function minutesFrom(now: number, minutesKeptMs: number): number {
  const from = now - minutesKeptMs;
  return from - (from % hourMs);
}

/** A row as it is to be kept: by minutes from a moment on, and by hours before it. */
export function keptFrom(from: number, row: StatRow): StatRow {
  const spanMs = row.at < from ? hourMs : Math.max(row.spanMs, minuteMs);
  return { ...row, spanMs, at: row.at - (row.at % spanMs) };
}
