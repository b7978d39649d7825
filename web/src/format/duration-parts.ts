export interface DurationPart {
  readonly value: number;
  readonly unit: "day" | "hour" | "minute" | "second" | "millisecond";
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** The two greatest units of a duration: `1 hour 5 minutes`, `4.2 seconds`, `12 milliseconds`. */
export function durationParts(ms: number): readonly DurationPart[] {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return [{ value: whole, unit: "millisecond" }];
  if (whole < 10_000) return [{ value: Math.floor(whole / 100) / 10, unit: "second" }];
  const first = units.findIndex(([, size]) => whole >= size);
  const parts: DurationPart[] = [];
  let left = whole;
  for (const [unit, size] of units.slice(first, first + 2)) {
    const value = Math.floor(left / size);
    left -= value * size;
    if (value > 0) parts.push({ value, unit });
  }
  return parts;
}
