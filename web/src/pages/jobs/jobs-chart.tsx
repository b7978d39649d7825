import { lazy, memo, Suspense, useMemo, useState } from "react";
import type { JobFilter } from "../../../../src/core/job-filter.ts";
import type { SeriesAnswer } from "../../../../src/dashboard/wire/queues.ts";
import { Card } from "../../components/card.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { Pills } from "../../components/pills.tsx";
import { Resource } from "../../components/resource.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { remembered } from "../../shell/remembered.ts";
import { useText } from "../../text/text-context.tsx";
import { type RangeId, rangeIds, seriesQuery } from "../charts/ranges.ts";
import { chartData, type ChartView, chartViews } from "../charts/series-data.ts";
import { useMinute } from "../charts/use-minute.ts";
import { useSeries } from "./use-series.ts";

/** The drawing is a quarter of the page's code: it comes after the table. */
const TimeChart = lazy(async () => ({
  default: (await import("../../components/time-chart.tsx")).TimeChart,
}));

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
  const { charts, jobs } = useText();
  const [range, setRange] = useState<RangeId>("1h");
  const [view, setView] = useState<ChartView>("throughput");
  const now = useMinute();
  const query = useSeries({
    ...seriesQuery({ range, zoom: undefined }, now),
    ...countedBy(filter),
  });
  return (
    <div className="px-4 pb-3">
      <div className="flex flex-wrap gap-2">
        <Pills
          label={jobs.chart.what}
          options={chartViews.map((id) => ({ id, label: charts[id] }))}
          chosen={view}
          onChoose={setView}
        />
        <Pills
          label={charts.range}
          options={rangeIds.map((id) => ({ id, label: charts.ranges[id] }))}
          chosen={range}
          onChoose={setRange}
        />
        <ChartScope filter={filter} />
      </div>
      <div className="mt-2 min-h-52">
        <Resource query={query}>
          {(answer) => (
            <Suspense fallback={<Skeleton />}>
              <Drawn key={view} answer={answer} view={view} now={now} />
            </Suspense>
          )}
        </Resource>
      </div>
    </div>
  );
}

interface DrawnProps {
  readonly answer: SeriesAnswer;
  readonly view: ChartView;
  readonly now: number;
}

/** It is drawn anew only when it shows something else, not with every second. */
const Drawn = memo(function Drawn({ answer, view, now }: DrawnProps) {
  const { charts } = useText();
  const data = useMemo(
    () => chartData(answer, view, { labels: charts.counted, now }),
    [answer, view, charts, now],
  );
  return <TimeChart label={charts[view]} data={data} height={150} />;
});

/** Which jobs the chart is about, and that it knows less than the filter. */
function ChartScope({ filter }: JobsChartProps) {
  const { chart } = useText().jobs;
  const { queue, name } = countedBy(filter);
  const only = [queue, name].filter((each) => each !== undefined).join(" · ");
  const known = Number(queue !== undefined) + Number(name !== undefined);
  const isAll = Object.keys(filter).length === known;
  return (
    <p className="min-w-0 self-center text-xs wrap-anywhere text-ink-soft">
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
