const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** A moment as people and programs read it; `null` stays `null`. */
export function formatInstant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** A length of time in its two largest units: `4d 3h`, `2m 5s`, `740ms`. */
export function formatSpan(ms: number): string {
  const sign = ms < 0 ? "-" : "";
  const length = Math.abs(ms);
  const at = units.findIndex(([, unit]) => length >= unit);
  const [large, small] = [units[at], units[at + 1]];
  if (large === undefined) return `${sign}${Math.round(length)}ms`;
  const first = `${sign}${Math.floor(length / large[1])}${large[0]}`;
  const rest = small === undefined ? 0 : Math.floor((length % large[1]) / small[1]);
  return rest === 0 || small === undefined ? first : `${first} ${rest}${small[0]}`;
}
