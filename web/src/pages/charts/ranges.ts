/** The ranges of time a chart can show: how long each is, and the step between its points. */
export const ranges = {
  "5m": { ms: 300_000, step: "1m" },
  "30m": { ms: 1_800_000, step: "1m" },
  "1h": { ms: 3_600_000, step: "1m" },
  "6h": { ms: 21_600_000, step: "5m" },
  "24h": { ms: 86_400_000, step: "15m" },
  "7d": { ms: 604_800_000, step: "2h" },
} as const;

export type RangeId = keyof typeof ranges;

export const rangeIds = Object.keys(ranges) as readonly RangeId[];

const minuteMs = 60_000;
/** From then on there are only hours. */
const minutesKeptMs = 2 * 86_400_000;

/** A part of the past that was dragged out of a chart, in milliseconds since the epoch. */
export interface Zoom {
  readonly from: number;
  readonly to: number;
}

/** What a chart is asked to show. */
export interface ChartRange {
  readonly range: RangeId;
  readonly zoom: Zoom | undefined;
}

/** Reads what an address says; the last hour when it says nothing. */
export function readRange(query: URLSearchParams): ChartRange {
  const named = query.get("range") ?? "";
  const range = isRange(named) ? named : "1h";
  const [from, to] = [wholeOf(query.get("from")), wholeOf(query.get("to"))];
  const zoom = from !== undefined && to !== undefined && to > from ? { from, to } : undefined;
  return { range, zoom };
}

/** The part of the series to ask for. It changes once a minute, so that what is asked for twice is read once. */
export function seriesQuery({ range, zoom }: ChartRange, now: number) {
  const minute = Math.floor(now / minuteMs) * minuteMs;
  if (zoom === undefined) {
    const { ms, step } = ranges[range];
    return { from: minute - ms, to: minute, step };
  }
  return zoom.from < now - minutesKeptMs ? { ...zoom, step: "1h" } : zoom;
}

/** A dragged range in whole minutes, at least five of them. */
export function zoomTo(from: number, to: number): Zoom {
  const start = Math.floor(from / minuteMs) * minuteMs;
  return { from: start, to: Math.max(start + 5 * minuteMs, Math.ceil(to / minuteMs) * minuteMs) };
}

const isRange = (text: string): text is RangeId => Object.hasOwn(ranges, text);

function wholeOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
