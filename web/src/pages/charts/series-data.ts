import type { SeriesAnswer } from "../../../../src/dashboard/wire/queues.ts";
import type { ChartData, ChartMark } from "../../components/chart-data.ts";

type Point = SeriesAnswer["points"][number];

/** What is counted in the chart of throughput, each in its colour. */
const counted = [
  ["enqueued", "--available"],
  ["completed", "--completed"],
  ["retried", "--retryable"],
  ["failed", "--discarded"],
] as const;

const percentiles = [
  ["p50", "--running"],
  ["p95", "--retryable"],
  ["p99", "--discarded"],
] as const;

export type CountedName = (typeof counted)[number][0];

/** How many of each there were in every step. */
export function throughputData(
  points: readonly Point[],
  labels: Readonly<Record<CountedName, string>>,
  marks: readonly ChartMark[],
): ChartData {
  const series = counted.map(([id, color]) => ({
    id,
    label: labels[id],
    color,
    values: points.map((point) => point[id]),
  }));
  return { times: points.map(({ at }) => at), series, unit: "count", marks };
}

/** How long attempts waited or ran in every step. */
export function durationData(
  points: readonly Point[],
  what: "waiting" | "running",
  marks: readonly ChartMark[],
): ChartData {
  const series = percentiles.map(([id, color]) => ({
    id,
    label: id,
    color,
    values: points.map((point) => point[what]?.[id] ?? null),
  }));
  return { times: points.map(({ at }) => at), series, unit: "duration", marks };
}

/** The points whose time is over: one that still counts would look like a fall. */
export function finishedPoints({ points, step }: SeriesAnswer, now: number): readonly Point[] {
  return points.filter(({ at }) => at + step <= now);
}
