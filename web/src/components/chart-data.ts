/** A line of a chart. */
export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  /** The token of its colour, such as `--completed`. */
  readonly color: string;
  /** One for each of the chart's times; `null` where there is nothing. */
  readonly values: readonly (number | null)[];
}

/** An instant worth a mark, such as a deployment. */
export interface ChartMark {
  readonly at: number;
  readonly label: string;
}

/** What the numbers are. */
export type ChartUnit = "count" | "duration";

export interface ChartData {
  /** Milliseconds since the epoch, in order. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly unit: ChartUnit;
  readonly marks?: readonly ChartMark[];
}

/** The sum of counts, or the greatest of durations: what a line comes to. Undefined where nothing was measured. */
export function gist(values: readonly (number | null)[], unit: ChartUnit): number | undefined {
  const known = values.filter((value) => value !== null);
  if (unit === "count") return known.reduce((sum, value) => sum + value, 0);
  return known.length === 0 ? undefined : Math.max(...known);
}
