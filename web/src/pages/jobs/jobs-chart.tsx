import { lazy, Suspense, useState } from "react";
import type { JobFilter } from "../../../../src/core/job-filter.ts";
import { Card } from "../../components/card.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { Pills } from "../../components/pills.tsx";
import { Resource } from "../../components/resource.tsx";
import { useNow } from "../../live/clock.ts";
import { remembered } from "../../shell/remembered.ts";
import { useText } from "../../text/text-context.tsx";
import { type ChartView, chartData, chartViews } from "./jobs-chart-data.ts";
import { useSeries } from "./use-series.ts";

/** The drawing is a quarter of the page's code: it comes after the table. */
const TimeChart = lazy(async () => ({
  default: (await import("../../components/time-chart.tsx")).TimeChart,
}));

const minute = 60_000;
const ranges = { hour: 60, sixHours: 360, day: 1_440, week: 10_080 } as const;
type Range = keyof typeof ranges;
const rangeNames = Object.keys(ranges) as readonly Range[];

const shown = remembered("jobs-chart");

/** As the reader left it; on a phone the jobs come first. */
const isShownAtFirst = (): boolean =>
  (shown.get() ?? (matchMedia("(width >= 40rem)").matches ? "on" : "off")) === "on";

interface JobsChartProps {
  readonly filter: JobFilter;
}

/** What happened lately to the jobs of the filter's queue and name. */
export function JobsChart({ filter }: JobsChartProps) {
  const { jobs } = useText();
  const [open, setOpen] = useState(isShownAtFirst);
  const toggle = () => {
    shown.set(open ? "off" : "on");
    setOpen(!open);
  };
  return (
    <Card
      flush
      title={jobs.chart.title}
      aside={
        <IconButton
          icon={open ? "chevronDown" : "chevronRight"}
          label={open ? jobs.chart.hide : jobs.chart.show}
          aria-expanded={open}
          onClick={toggle}
        />
      }
    >
      {open ? <ChartBody filter={filter} /> : <div className="h-2" />}
    </Card>
  );
}

function ChartBody({ filter }: JobsChartProps) {
  const text = useText();
  const { chart } = text.jobs;
  const [range, setRange] = useState<Range>("hour");
  const [view, setView] = useState<ChartView>("throughput");
  const to = Math.ceil(useNow() / minute) * minute;
  const { queue, name } = countedBy(filter);
  const query = useSeries({ from: to - ranges[range] * minute, to, queue, name }, true);
  return (
    <div className="px-4 pb-3">
      <div className="flex flex-wrap gap-2">
        <Pills
          label={chart.what}
          options={chartViews.map((id) => ({ id, label: chart[id] }))}
          chosen={view}
          onChoose={setView}
        />
        <Pills
          label={chart.range}
          options={rangeNames.map((id) => ({ id, label: chart.ranges[id] }))}
          chosen={range}
          onChoose={setRange}
        />
        <ChartScope filter={filter} />
      </div>
      <div className="mt-2 min-h-52">
        <Resource query={query}>
          {({ points }) => (
            <Suspense fallback={null}>
              <TimeChart
                key={view}
                label={chart[view]}
                data={chartData(points, view, text)}
                height={150}
              />
            </Suspense>
          )}
        </Resource>
      </div>
    </div>
  );
}

/** Which jobs the chart is about, and that it knows less than the filter. */
function ChartScope({ filter }: JobsChartProps) {
  const { chart } = useText().jobs;
  const { queue, name } = countedBy(filter);
  const only = [queue, name].filter((each) => each !== undefined).join(" · ");
  const known = Number(queue !== undefined) + Number(name !== undefined);
  const isAll = Object.keys(filter).length === known;
  return (
    <p className="self-center text-xs text-ink-soft">
      {only === "" ? chart.everything : chart.only(only)}
      {!isAll && ` – ${chart.notFiltered}`}
    </p>
  );
}

/** Counts are kept by queue and name, and only whole ones can be asked for. */
function countedBy({ queue, name }: JobFilter): {
  readonly queue: string | undefined;
  readonly name: string | undefined;
} {
  const whole = (asked: string | readonly string[] | undefined) =>
    typeof asked !== "string" || asked.includes("*") ? undefined : asked;
  return { queue: whole(queue), name: whole(name) };
}
