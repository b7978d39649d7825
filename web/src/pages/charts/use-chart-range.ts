import { useMemo } from "react";
import { useSearchParams } from "wouter";
import { type ChartRange, type RangeId, readRange, zoomTo } from "./ranges.ts";

interface ChartRangeState extends ChartRange {
  readonly choose: (range: RangeId) => void;
  readonly zoomIn: (from: number, to: number) => void;
  readonly zoomOut: () => void;
}

/** The range of a page's charts, kept in its address so that it can be shared. */
export function useChartRange(): ChartRangeState {
  const [query, setQuery] = useSearchParams();
  return useMemo(() => {
    const { range, zoom } = readRange(query);
    const put = (changes: Readonly<Record<string, string | undefined>>) =>
      setQuery((before) => changed(before, changes), { replace: true });
    const whole = { from: undefined, to: undefined };
    return {
      range,
      zoom,
      choose: (next) => put({ ...whole, range: next }),
      zoomOut: () => put(whole),
      zoomIn: (dragFrom, dragTo) => {
        const { from, to } = zoomTo(dragFrom, dragTo);
        put({ from: String(from), to: String(to) });
      },
    };
  }, [query, setQuery]);
}

function changed(
  before: URLSearchParams,
  changes: Readonly<Record<string, string | undefined>>,
): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) after.delete(name);
    else after.set(name, value);
  }
  return after;
}
