import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "./error-state.tsx";
import { Skeleton } from "./skeleton.tsx";

interface ResourceProps<Answer> {
  readonly query: UseQueryResult<Answer>;
  readonly children: (answer: Answer) => ReactNode;
  /** Lines of the skeleton. */
  readonly lines?: number;
}

/** Shows what was read, or that it is being read, or why it cannot be. What was there stays when a later reading fails. */
export function Resource<Answer>({ query, children, lines = 5 }: ResourceProps<Answer>) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Skeleton lines={lines} />;
}
