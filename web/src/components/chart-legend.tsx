import { useFormats } from "../text/text-context.tsx";
import { type ChartData, gist } from "./chart-data.ts";

interface ChartLegendProps {
  readonly data: ChartData;
  readonly shown: ReadonlySet<string>;
  /** Which of the times the mouse is at. */
  readonly point: number | undefined;
  readonly onToggle: (id: string) => void;
}

/** The lines of a chart by name, with what they come to or what they are where the mouse is. */
export function ChartLegend({ data, shown, point, onToggle }: ChartLegendProps) {
  const { number, duration, dateTime } = useFormats();
  const { times, series, unit } = data;
  // Without a point each step's percentiles are known, not those of all steps together: none is greater than the greatest.
  const most = point === undefined ? "≤\u2009" : "";
  const write = unit === "count" ? number : (ms: number) => `${most}${duration(ms)}`;
  const at = point === undefined ? undefined : times[point];
  return (
    <figcaption className="-ms-1.5 flex flex-wrap items-center gap-x-1 gap-y-1 text-xs">
      {series.map(({ id, label, color, values }) => {
        const value = point === undefined ? gist(values, unit) : values[point];
        return (
          <button
            key={id}
            type="button"
            aria-pressed={shown.has(id)}
            onClick={() => onToggle(id)}
            className="flex items-center gap-1.5 rounded-md px-1.5 py-1 hover:bg-raised aria-[pressed=false]:line-through aria-[pressed=false]:opacity-60"
          >
            <span className="h-0.75 w-3 rounded-full" style={{ background: `var(${color})` }} />
            <span className="text-ink-soft">{label}</span>
            <span className="font-semibold">
              {value === null || value === undefined ? "–" : write(value)}
            </span>
          </button>
        );
      })}
      <span className="ms-auto text-ink-soft">{at === undefined ? "" : dateTime(at)}</span>
    </figcaption>
  );
}
