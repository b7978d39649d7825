import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { OperationPreviewAnswer } from "../../../../src/dashboard/wire/operations.ts";
import { act } from "../../api/request.ts";
import { type BulkTarget, previewBody } from "./bulk-draft.ts";

/** What an operation would be about. It is counted anew each time one asks, and then stands still while one reads it. */
export function usePreview(target: BulkTarget): UseQueryResult<OperationPreviewAnswer> {
  return useQuery({
    queryKey: ["preview", target.action, target.q],
    queryFn: () => act<OperationPreviewAnswer>("operations/preview", previewBody(target)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}
