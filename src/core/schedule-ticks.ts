/** The first tick after a moment, in milliseconds since the epoch; `null` when there is none. Whoever gives it must rise with the moment. */
export type NextTick = (after: number) => number | null;

/** The ticks of a steady pause, counted from one of them. */
export function steadyTicks(everyMs: number, anchor: number): NextTick {
  return (after) => (Math.floor((after - anchor) / everyMs) + 1) * everyMs + anchor;
}

/** A stretch of time, both ends in it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The ticks of a stretch, oldest first. */
export function ticksIn(next: NextTick, { from, to }: Stretch): readonly number[] {
  const found: number[] = [];
  for (let tick = next(from - 1); tick !== null && tick <= to; tick = next(tick)) found.push(tick);
  return found;
}

const firstLookMs = 1_000;
const lookFactor = 4;

/**
 * The newest ticks of a stretch, at most `count`, oldest first. Looks back further and further, so that the years a schedule of
 * seconds has missed cost no more than the ticks asked for.
 */
export function newestTicks(
  next: NextTick,
  { from, to }: Stretch,
  count: number,
): readonly number[] {
  for (let backMs = firstLookMs; ; backMs *= lookFactor) {
    const begin = Math.max(from, to - backMs);
    const found = ticksIn(next, { from: begin, to });
    if (found.length >= count || begin === from) return found.slice(-count);
  }
}
