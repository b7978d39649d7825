import {
  keepPreviousData,
  type UseQueryOptions,
  type UseQueryResult,
  useQuery,
} from "@tanstack/react-query";
import type { Topic } from "../../../src/dashboard/wire/live.ts";
import { useWatch } from "../live/use-watch.ts";
import { read } from "./request.ts";

interface ResourceOptions {
  /** False while it is not wanted yet. */
  readonly enabled?: boolean;
  /** False to forget the answer to another path at once, instead of showing it until this one's is there. */
  readonly keepPrevious?: boolean;
}

/**
 * Reads `api/<path>`, and again whenever the server says that `topic` changed. While another path is read, what was
 * there before stays (`isPlaceholderData`).
 */
export function useResource<Answer>(
  topic: Topic | "session",
  path: string,
  { enabled = true, keepPrevious = true }: ResourceOptions = {},
): UseQueryResult<Answer> {
  useWatch(enabled && topic !== "session" ? topic : undefined);
  const options: UseQueryOptions<Answer, Error, Answer, readonly [string, string]> = {
    queryKey: [topic, path],
    queryFn: ({ signal }) => read<Answer>(path, signal),
    enabled,
  };
  return useQuery<Answer, Error, Answer, readonly [string, string]>(
    keepPrevious ? { ...options, placeholderData: keepPreviousData } : options,
  );
}
