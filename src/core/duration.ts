import { kindOf } from "./check-options.ts";
import { HoldfastError } from "./errors.ts";

type Unit = "ms" | "s" | "m" | "h" | "d" | "w";

/**
 * A length of time: `"250ms"`, `"30s"`, `"5m"`, `"1.5h"`, `"7d"`, `"2w"`, or a number of milliseconds.
 */
export type Duration = number | `${number}${Unit}`;

const unitMs: Readonly<Record<Unit, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The longest duration anything accepts: 100 years, so that sums of times stay safe integers. */
export const maxDurationMs = 100 * 365 * unitMs.d;

const pattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

/**
 * Reads a duration as whole milliseconds, rounding to the nearest.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the option, when the value is not a duration, is negative or exceeds 100 years.
 */
export function parseDuration(value: unknown, option: string): number {
  const ms = typeof value === "string" ? fromText(value) : value;
  if (typeof ms !== "number" || !(ms >= 0 && ms <= maxDurationMs)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `${option} must be a duration such as "30s", "5m" or a number of milliseconds from 0 to 100 years; got ${kindOf(value)}.`,
    );
  }
  return Math.round(ms);
}

function fromText(text: string): number {
  const match = pattern.exec(text);
  return match === null ? Number.NaN : Number(match[1]) * unitMs[match[2] as Unit];
}

/**
 * Writes milliseconds in the largest unit that keeps them exact: `300000` is `"5m"`.
 */
export function formatDuration(ms: number): string {
  for (const unit of ["w", "d", "h", "m", "s"] as const) {
    if (ms !== 0 && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  }
  return `${ms}ms`;
}

/** Writes milliseconds for people who want to know about how long: `"12s"`, `"7m"`, `"30h"`. */
export function roughDuration(ms: number): string {
  const units = [unitMs.d, unitMs.h, unitMs.m, unitMs.s];
  const unit = units.find((each) => ms >= 2 * each) ?? 1;
  return formatDuration(Math.round(Math.round(ms / unit) * unit));
}
