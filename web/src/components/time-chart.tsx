import { useEffect, useMemo, useRef, useState } from "react";
import { useFormats, useText } from "../text/text-context.tsx";
import { type ChartData, gist } from "./chart-data.ts";
import { ChartLegend } from "./chart-legend.tsx";
import { type Plot, drawPlot } from "./chart-plot.ts";
import { ChartTable } from "./chart-table.tsx";

interface TimeChartProps {
  /** What the chart shows. */
  readonly label: string;
  readonly data: ChartData;
  /** Pixels; default 200. */
  readonly height?: number;
  /** Called with the range that was dragged, in milliseconds since the epoch. */
  readonly onZoom?: (from: number, to: number) => void;
}

/** Lines over time: drag to zoom, press a name to hide its line, open the table to read the numbers. */
export function TimeChart({ label, data, height = 200, onZoom }: TimeChartProps) {
  const { chart } = useText();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [point, setPoint] = useState<number>();
  const shown = useMemo(
    () => new Set(data.series.map(({ id }) => id).filter((id) => !hidden.has(id))),
    [data.series, hidden],
  );
  const host = usePlot({ data, height, shown, onZoom, onPoint: setPoint });
  const nothing = data.series.every(({ values }) => (gist(values, data.unit) ?? 0) === 0);
  const toggle = (id: string) => {
    const rest = [...hidden].filter((each) => each !== id);
    setHidden(new Set(hidden.has(id) ? rest : [...rest, id]));
  };
  return (
    <figure aria-label={label}>
      <ChartLegend data={data} shown={shown} point={point} onToggle={toggle} />
      <div className="relative mt-2">
        <div
          ref={host}
          aria-hidden="true"
          title={onZoom === undefined ? undefined : chart.zoomHint}
        />
        {nothing && (
          <p className="pointer-events-none absolute inset-0 grid place-items-center text-ink-soft">
            {chart.noData}
          </p>
        )}
      </div>
      <ChartTable caption={label} data={data} />
    </figure>
  );
}

interface PlotState {
  readonly data: ChartData;
  readonly height: number;
  readonly shown: ReadonlySet<string>;
  readonly onZoom: TimeChartProps["onZoom"];
  readonly onPoint: (index: number | undefined) => void;
}

/** Keeps a drawing in step with what React knows; it is made anew only when its lines are others. */
function usePlot(state: PlotState) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(undefined);
  const latest = useRef(state);
  const formats = useFormats();
  const { data, height, shown } = state;
  const lines = JSON.stringify([data.unit, data.series.map(({ id, color }) => [id, color])]);
  useEffect(() => {
    latest.current = state;
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const drawn = drawPlot(host.current, {
      data: latest.current.data,
      height,
      formats,
      onZoom: (from, to) => latest.current.onZoom?.(from, to),
      onPoint: (index) => latest.current.onPoint(index),
    });
    plot.current = drawn;
    return () => drawn.destroy();
  }, [lines, height, formats]);
  useEffect(() => plot.current?.setData(data), [data]);
  useEffect(() => plot.current?.setShown(shown), [shown, lines, height, formats]);
  return host;
}
