/** The units a duration is written in, greatest first, in milliseconds. */
const units = [
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** Writes milliseconds as settings have them: `7d`, `90s`; in the greatest unit that keeps them exact. */
export function durationText(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms !== 0 && ms % each === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}

/** Reads what a setting takes for a duration; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const [, amount, named] = /^(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(text.trim()) ?? [];
  const size = units.find(([unit]) => unit === named)?.[1];
  return size === undefined ? undefined : Math.round(Number(amount) * size);
}
