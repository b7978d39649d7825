import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { read } from "../../api/request.ts";

const againMs = 10_000;

/** What the sidebar lists. It is asked for by the clock: beside rows that move all the time it is to cost the database little. */
export function useFacetData<Answer>(path: "queues" | "workers"): UseQueryResult<Answer> {
  return useQuery({
    queryKey: [path, path],
    queryFn: ({ signal }) => read<Answer>(path, signal),
    staleTime: againMs,
    refetchInterval: againMs,
  });
}
