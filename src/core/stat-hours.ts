import type { StatRow } from "./stat-row.ts";

const hourMs = 3_600_000;

/**
 * The span of rows that hold an hour beside its minutes, which stay: whoever reads a week need not read each minute of the last two
 * days. Not an hour exactly, so that code which does not know them passes over them.
 */
export const besideMs = hourMs + 1;

/** Lines may come late; those that come later still are added to both. */
const lateMs = 300_000;

/** A row of a minute as a part of the hour beside it. */
export function besideMinutes(row: StatRow): StatRow {
  return { ...row, spanMs: besideMs, at: hourOf(row.at) };
}

/** The rows of an hour that has rows of its own beside its minutes: those before `summedTo` and still kept by minutes. */
export function lateRows(
  rows: readonly StatRow[],
  { from, summedTo }: { readonly from: number; readonly summedTo: number },
): readonly StatRow[] {
  return rows.filter(({ at }) => at >= from && at < summedTo).map(besideMinutes);
}

/** The hour of the first minute that has none beside it, if it is over. */
export function nextHour(firstMinute: number | undefined, now: number): number | undefined {
  if (firstMinute === undefined) return undefined;
  const hour = hourOf(firstMinute);
  return hour + hourMs + lateMs <= now ? hour : undefined;
}

/** True for steps that whole hours fit into. */
export function takesHours(step: number | undefined): boolean {
  return step === undefined || step % hourMs === 0;
}

function hourOf(at: number): number {
  return at - (at % hourMs);
}
