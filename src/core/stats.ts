import { HoldfastError } from "./errors.ts";
import { percentilesOf } from "./histogram.ts";
import type { StatRow } from "./stat-row.ts";
import type { Stats, StatsEntry, StatsPoint, StatsRange } from "./stats-client.ts";
import { addTally, emptyTally, type Tally } from "./tally.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const mostPoints = 10_000;
const usualPoints = 120;
const usualSteps = [
  minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  hourMs,
  6 * hourMs,
  24 * hourMs,
] as const;

/** A range in whole minutes: from the first moment to before the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Where a range begins and ends.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for a moment that is none, and for a range that ends before it begins.
 */
export function readRange(call: string, { from, to }: StatsRange, now: number): Range {
  const end = momentOf(call, "to", to ?? now);
  const begin = momentOf(call, "from", from ?? end - hourMs);
  if (begin > end) {
    throw new HoldfastError("INVALID_OPTION", `${call}: from must not be later than to.`, {
      details: { option: "from" },
    });
  }
  return { from: floorTo(begin, minuteMs), to: ceilTo(end, minuteMs) };
}

/**
 * The length of a series' steps, and its range in whole steps.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for a step that is not of whole minutes, or makes too many points.
 */
export function readSteps(
  call: string,
  { from, to }: Range,
  stepMs: number | undefined,
): Range & { readonly step: number } {
  const count = (step: number) => (ceilTo(to, step) - floorTo(from, step)) / step;
  const usual = usualSteps.find((step) => count(step) <= usualPoints) ?? 24 * hourMs;
  const step = stepMs ?? usual;
  if (step < minuteMs || step % minuteMs !== 0) throw badStep(call, "a step must be whole minutes");
  if (count(step) > mostPoints) {
    throw badStep(
      call,
      `that would be ${count(step)} points, and 10,000 are the most; take a longer step`,
    );
  }
  return { from: floorTo(from, step), to: ceilTo(to, step), step };
}

function badStep(call: string, what: string): HoldfastError {
  return new HoldfastError("INVALID_OPTION", `${call}: ${what}.`, { details: { option: "step" } });
}

/** What rows say together. */
export function sumOf(rows: Iterable<StatRow>): Stats {
  const sum = emptyTally();
  for (const { tally } of rows) addTally(sum, tally);
  return statsOf(sum);
}

/** What rows say of each queue and name. */
export function entriesOf(rows: Iterable<StatRow>): readonly StatsEntry[] {
  const entries = new Map<string, { queue: string; name: string; tally: Tally }>();
  for (const { queue, name, tally } of rows) {
    const key = JSON.stringify([queue, name]);
    const entry = entries.get(key) ?? { queue, name, tally: emptyTally() };
    addTally(entry.tally, tally);
    entries.set(key, entry);
  }
  return [...entries.values()]
    .sort((one, other) => order(one.queue, other.queue) || order(one.name, other.name))
    .map(({ queue, name, tally }) => ({ queue, name, ...statsOf(tally) }));
}

/** What rows say of each step of a range, which is in whole steps. */
export function pointsOf(
  rows: Iterable<StatRow>,
  { from, to }: Range,
  step: number,
): readonly StatsPoint[] {
  const tallies = Array.from({ length: (to - from) / step }, emptyTally);
  for (const { at, tally } of rows) {
    const into = tallies[Math.floor((at - from) / step)];
    if (into !== undefined) addTally(into, tally);
  }
  return tallies.map((tally, index) => ({ at: from + index * step, ...statsOf(tally) }));
}

function statsOf({ counts, waiting, running }: Tally): Stats {
  return { ...counts, waiting: percentilesOf(waiting), running: percentilesOf(running) };
}

function momentOf(call: string, option: "from" | "to", given: Date | number): number {
  const at = given instanceof Date ? given.getTime() : given;
  if (typeof at === "number" && at >= 0 && at <= 8.64e15) return at;
  throw new HoldfastError(
    "INVALID_OPTION",
    `${call}: ${option} must be a date, or milliseconds since the epoch.`,
    { details: { option } },
  );
}

function floorTo(at: number, step: number): number {
  return at - (at % step);
}

function ceilTo(at: number, step: number): number {
  return Math.ceil(at / step) * step;
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
