import type { StatsPoint } from "../../../../src/core/stats-client.ts";
import type { ChartData, ChartSeries } from "../../components/chart-data.ts";
import type { Catalogue } from "../../text/catalogue.ts";

/** What the chart of the page Jobs can show. */
export const chartViews = ["throughput", "running", "waiting"] as const;

export type ChartView = (typeof chartViews)[number];

const counts = [
  ["completed", "--completed"],
  ["failed", "--discarded"],
  ["retried", "--retryable"],
  ["enqueued", "--available"],
] as const;

const percentiles = [
  ["p50", "--completed"],
  ["p95", "--retryable"],
  ["p99", "--discarded"],
] as const;

/** Counted points as the lines of a chart. */
export function chartData(
  points: readonly StatsPoint[],
  view: ChartView,
  { jobs }: Catalogue,
): ChartData {
  const times = points.map(({ at }) => at);
  if (view === "throughput") {
    const series = counts.map(
      ([id, color]): ChartSeries => ({
        id,
        color,
        label: jobs.chart.counts[id],
        values: points.map((point) => point[id]),
      }),
    );
    return { times, series, unit: "count" };
  }
  const series = percentiles.map(
    ([id, color]): ChartSeries => ({
      id,
      color,
      label: id,
      values: points.map((point) => point[view]?.[id] ?? null),
    }),
  );
  return { times, series, unit: "duration" };
}
