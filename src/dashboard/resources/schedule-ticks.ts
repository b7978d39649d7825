import type { Tick } from "../wire/schedules.ts";

/** Ticks with the offset of their time zone, and where the clocks were changed between two; `before` is a moment before the first. */
export function markedTicks(
  ticks: readonly number[],
  timeZone: string | null,
  before: number,
): readonly Tick[] {
  const offsetOf = timeZone === null ? undefined : offsetsOf(timeZone);
  if (offsetOf === undefined) {
    return ticks.map((at) => ({ at, offsetMinutes: null, clockChange: false }));
  }
  const offsets = ticks.map(offsetOf);
  return ticks.map((at, index) => {
    const offsetMinutes = offsets[index] ?? 0;
    const last = index === 0 ? offsetOf(before) : offsets[index - 1];
    return { at, offsetMinutes, clockChange: offsetMinutes !== last };
  });
}

/** Minutes that clocks of a zone are ahead of UTC; `undefined` for a zone this platform does not know. */
function offsetsOf(timeZone: string): ((at: number) => number) | undefined {
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
    return (at) => {
      const parts = format.formatToParts(at);
      return minutesOf(parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT");
    };
  } catch {
    return undefined;
  }
}

/** Of `GMT`, `GMT+01:00` or `GMT-03:30`. */
function minutesOf(name: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const ahead = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === "-" ? -ahead : ahead;
}
