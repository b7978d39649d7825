import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { SeriesAnswer } from "../../../../src/dashboard/wire/queues.ts";
import { read, withQuery } from "../../api/request.ts";

interface SeriesQuery {
  readonly from: number;
  readonly to: number;
  readonly step?: string;
  readonly queue: string | undefined;
  readonly name: string | undefined;
}

const againMs = 20_000;

/** What was counted in a range. It is asked for by the clock: counts come by the minute, and jobs change all the time. */
export function useSeries(query: SeriesQuery): UseQueryResult<SeriesAnswer> {
  const path = withQuery("stats/series", { ...query });
  return useQuery({
    queryKey: ["stats", path],
    queryFn: ({ signal }) => read<SeriesAnswer>(path, signal),
    placeholderData: keepPreviousData,
    staleTime: againMs,
    refetchInterval: againMs,
  });
}
