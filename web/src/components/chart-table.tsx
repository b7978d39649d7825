import { useState } from "react";
import { useFormats, useText } from "../text/text-context.tsx";
import type { ChartData } from "./chart-data.ts";

interface ChartTableProps {
  readonly caption: string;
  readonly data: ChartData;
}

/** A chart's numbers to read, made when they are asked for. */
export function ChartTable({ caption, data }: ChartTableProps) {
  const { chart } = useText();
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-1 text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit rounded px-1 text-ink-soft hover:text-ink">{chart.asTable}</summary>
      {open && (
        // Long tables scroll, and so must be reachable by keys.
        <div
          tabIndex={0}
          role="region"
          aria-label={`${caption}: ${chart.asTable}`}
          className="mt-2 max-h-64 overflow-auto"
        >
          <Numbers caption={caption} data={data} />
        </div>
      )}
    </details>
  );
}

function Numbers({ caption, data }: ChartTableProps) {
  const { chart } = useText();
  const { number, duration, dateTime } = useFormats();
  const { times, series, unit } = data;
  const write = unit === "count" ? number : duration;
  return (
    <table className="data-table">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{chart.time}</th>
          {series.map(({ id, label }) => (
            <th key={id} scope="col" className="at-end">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times.map((at, index) => (
          <tr key={at}>
            <td data-lead="">{dateTime(at)}</td>
            {series.map(({ id, label, values }) => {
              const value = values[index];
              return (
                <td key={id} data-label={label} className="at-end">
                  {value === null || value === undefined ? "–" : write(value)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
