import type { SeriesAnswer } from "../../../../src/dashboard/wire/queues.ts";
import type { ChartData, ChartMark } from "../../components/chart-data.ts";

type Point = SeriesAnswer["points"][number];

/** What a chart can be about. */
export const chartViews = ["throughput", "running", "waiting"] as const;

export type ChartView = (typeof chartViews)[number];

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

type CountedName = (typeof counted)[number][0];

interface SeriesContext {
  readonly labels: Readonly<Record<CountedName, string>>;
  readonly marks?: readonly ChartMark[];
  readonly now: number;
}

/** The lines of a chart, up to the last step whose time is over: one that still counts would look like a fall. */
export function chartData(
  { points, step }: SeriesAnswer,
  view: ChartView,
  { labels, marks = [], now }: SeriesContext,
): ChartData {
  const finished = points.filter(({ at }) => at + step <= now);
  return view === "throughput"
    ? throughputData(finished, labels, marks)
    : durationData(finished, view, marks);
}

/** How many of each there were in every step. */
function throughputData(
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
function durationData(
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
