import type uPlot from "uplot";
import type { Formats } from "../format/formats.ts";
import type { ChartUnit } from "./chart-data.ts";

const day = 86_400_000;
const minute = 60_000;

/** Steps at which durations are read easily. */
const durationSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000))
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute))
  .concat([1, 2, 4, 8, 12, 24, 48, 96, 240, 480].map((hours) => hours * 3_600_000));

const countSteps = [1, 2, 5].flatMap((digit) =>
  Array.from({ length: 13 }, (_, power) => digit * 10 ** power),
);

type Color = (token: string) => string;

/** The axes of a chart over time, in the reader's language. */
export function chartAxes(unit: ChartUnit, formats: Formats, color: Color): uPlot.Axis[] {
  const clock = new Intl.DateTimeFormat(formats.locale, { hour: "2-digit", minute: "2-digit" });
  const seconds = new Intl.DateTimeFormat(formats.locale, { timeStyle: "medium" });
  const look = {
    stroke: () => color("--ink-soft"),
    font: "11px system-ui, sans-serif",
    ticks: { show: false },
    grid: { stroke: () => color("--line"), width: 1 },
  };
  const timeText = (at: number, step: number): string => {
    if (step >= day) return formats.day(at);
    return (step < minute ? seconds : clock).format(at);
  };
  const valueText = unit === "count" ? formats.compact : formats.duration;
  return [
    {
      ...look,
      grid: { show: false },
      size: 32,
      space: 70,
      values: (_, splits, __, ___, step) => splits.map((at) => timeText(at, step)),
    },
    {
      ...look,
      size: 56,
      incrs: unit === "count" ? countSteps.sort((a, b) => a - b) : durationSteps,
      values: (_, splits) => splits.map((value) => valueText(value)),
    },
  ];
}
