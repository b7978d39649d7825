import { isWhole, kindOf } from "./check-options.ts";
import { type Duration, formatDuration, parseDuration } from "./duration.ts";
import { HoldfastError } from "./errors.ts";

/** How many in how long, as text: `"100/1m"`, `"5/1s"`, `"5000/1h"`. */
export type RateText = `${number}/${Extract<Duration, string>}`;

/** A rate read: `count` at once from full, and as many again in every `perMs` milliseconds. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

const mostCount = 1_000_000;
const longestMs = 366 * 86_400_000;

/**
 * Reads a rate.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the option.
 */
export function parseRate(value: unknown, option: string): Rate {
  const [, count, per] = /^(\d{1,7})\/(.+)$/.exec(typeof value === "string" ? value : "") ?? [];
  const rate = { count: Number(count), perMs: readDuration(per) };
  const fine =
    isWhole(rate.count, 1, mostCount) &&
    isWhole(rate.perMs, 1, longestMs) &&
    rate.count <= rate.perMs * 1_000;
  if (fine) return rate;
  throw new HoldfastError(
    "INVALID_OPTION",
    `${option} must be a rate such as "100/1m": 1 to ${mostCount}, a slash, and a time of 1ms to 366d, no more than one a microsecond; got ${kindOf(value)}.`,
  );
}

function readDuration(text: string | undefined): number {
  try {
    return parseDuration(text, "rate");
  } catch {
    return Number.NaN;
  }
}

/** Writes a rate as it is read: `"100/1m"`. */
export function formatRate({ count, perMs }: Rate): string {
  return `${count}/${formatDuration(perMs)}`;
}
