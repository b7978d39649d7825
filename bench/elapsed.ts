/** The time since then, as a clock shows it: "1:05" or "1:02:09". */
export function elapsed(sinceMs: number, nowMs = Date.now()): string {
  const seconds = Math.round((nowMs - sinceMs) / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first = 0, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [first, ...rest.map((part) => String(part).padStart(2, "0"))].join(":");
}
