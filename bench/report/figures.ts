import type { Spread } from "./spread.ts";

/** A figure with about three digits that count: 142k, 33.1k, 1,280, 3.32. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 999_500) return `${digits(value / 1e6)}M`;
  if (size >= 9_999.5) return `${digits(value / 1e3)}k`;
  if (size >= 999.5) return Math.round(value).toLocaleString("en-US");
  return digits(value);
}

/** A ratio as tables show it: 2.1x, 39x, 0.59x. */
export function times(ratio: number): string {
  if (ratio >= 99.5) return `${figure(ratio)}x`;
  const decimals = [9.95, 1.995, 0.0995].findIndex((limit) => ratio >= limit);
  return `${ratio.toFixed(decimals < 0 ? 3 : decimals)}x`;
}

/** Smallest and largest, in brackets; nothing when there was one figure only. */
export function spreadOfFigures({ min, max }: Spread, show: (value: number) => string): string {
  return min === max ? "" : `[${show(min).replace(/x$/, "")}-${show(max).replace(/x$/, "")}]`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 99.5) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  return value.toFixed(size >= 0.01 ? 2 : 4);
}
