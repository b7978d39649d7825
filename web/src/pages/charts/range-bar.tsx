import { Button } from "../../components/button.tsx";
import { Pills } from "../../components/pills.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { rangeIds } from "./ranges.ts";
import type { useChartRange } from "./use-chart-range.ts";

interface RangeBarProps {
  readonly state: ReturnType<typeof useChartRange>;
}

/** Chooses how much of the past the charts show. */
export function RangeBar({ state }: RangeBarProps) {
  const { charts, chart } = useText();
  const { dateTime } = useFormats();
  const { range, zoom, choose, zoomOut } = state;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {zoom !== undefined && (
        <>
          <span className="text-xs text-ink-soft">
            {charts.from(dateTime(zoom.from), dateTime(zoom.to))}
          </span>
          <Button icon="undo" onClick={zoomOut}>
            {chart.zoomOut}
          </Button>
        </>
      )}
      <Pills
        label={charts.range}
        options={rangeIds.map((id) => ({ id, label: charts.ranges[id] }))}
        chosen={zoom === undefined ? range : undefined}
        onChoose={choose}
      />
    </div>
  );
}
