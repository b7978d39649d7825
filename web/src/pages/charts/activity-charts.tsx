import { memo, useMemo } from "react";
import type { SeriesAnswer } from "../../../../src/dashboard/wire/queues.ts";
import { useResource } from "../../api/use-resource.ts";
import { withQuery } from "../../api/request.ts";
import { Card } from "../../components/card.tsx";
import type { ChartMark } from "../../components/chart-data.ts";
import { Resource } from "../../components/resource.tsx";
import { TimeChart } from "../../components/time-chart.tsx";
import { useText } from "../../text/text-context.tsx";
import { RangeBar } from "./range-bar.tsx";
import { seriesQuery } from "./ranges.ts";
import { chartData, type ChartView } from "./series-data.ts";
import { useChartRange } from "./use-chart-range.ts";
import { useMinute } from "./use-minute.ts";

interface ActivityChartsProps {
  /** Of this queue only. */
  readonly queue?: string;
  readonly marks?: readonly ChartMark[];
}

/** What happened over time: how many jobs, how long they waited and how long they ran. */
export function ActivityCharts({ queue, marks = none }: ActivityChartsProps) {
  const { charts } = useText();
  const state = useChartRange();
  const minute = useMinute();
  const asked = { ...seriesQuery(state, minute), queue };
  const query = useResource<SeriesAnswer>(
    queue === undefined ? "overview" : "queues",
    withQuery("stats/series", asked),
  );
  const zoom = { onZoom: state.zoomIn };
  const view = (chart: ChartView) => (
    <Resource query={query}>
      {(answer) => <Drawn answer={answer} chart={chart} marks={marks} now={minute} {...zoom} />}
    </Resource>
  );
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Card title={charts.throughput} aside={<RangeBar state={state} />} className="lg:col-span-2">
        {view("throughput")}
      </Card>
      <Card title={charts.waiting}>{view("waiting")}</Card>
      <Card title={charts.running}>{view("running")}</Card>
    </div>
  );
}

const none: readonly ChartMark[] = [];

interface DrawnProps {
  readonly answer: SeriesAnswer;
  readonly chart: ChartView;
  readonly marks: readonly ChartMark[];
  readonly now: number;
  readonly onZoom: (from: number, to: number) => void;
}

/** It is drawn anew only when it shows something else, not with every second. */
const Drawn = memo(function Drawn({ answer, chart, marks, now, onZoom }: DrawnProps) {
  const { charts } = useText();
  const data = useMemo(
    () => chartData(answer, chart, { labels: charts.counted, marks, now }),
    [answer, chart, charts, marks, now],
  );
  const height = chart === "throughput" ? 220 : 180;
  return <TimeChart label={charts[chart]} data={data} height={height} onZoom={onZoom} />;
});
