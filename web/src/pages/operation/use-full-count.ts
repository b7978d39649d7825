import { useEffect, useState } from "react";
import type {
  OperationCountAnswer,
  OperationPreviewAnswer,
} from "../../../../src/dashboard/wire/operations.ts";
import { act } from "../../api/request.ts";
import { type BulkTarget, previewBody } from "./bulk-draft.ts";
import { type FullCount, previewWith, shareCounted, uncounted, withPart } from "./full-count.ts";

/** A preview as far as its jobs are counted. */
export interface CountedPreview {
  readonly preview: OperationPreviewAnswer;
  readonly counting: boolean;
  /** How much is counted, 0 to 1, while that is known. */
  readonly share: number | undefined;
}

/** Counts on where a preview stopped, part by part, until all is counted or the dialog is closed. A part that fails ends it. */
export function useFullCount(
  { action, q }: BulkTarget,
  preview: OperationPreviewAnswer | undefined,
): CountedPreview | undefined {
  const [count, setCount] = useState(uncounted);
  const [failed, setFailed] = useState(false);
  const isCut = preview?.atLeast === true;
  useEffect(() => {
    if (!isCut) return undefined;
    const closed = new AbortController();
    countAll({ action, q }, closed.signal, setCount).catch(() => setFailed(true));
    return () => closed.abort();
  }, [action, q, isCut]);
  if (preview === undefined) return undefined;
  if (!isCut) return { preview, counting: false, share: undefined };
  const counting = count.reached !== null && !failed;
  return { preview: previewWith(preview, count), counting, share: shareCounted(preview, count) };
}

async function countAll(
  target: BulkTarget,
  signal: AbortSignal,
  onPart: (count: FullCount) => void,
): Promise<void> {
  let count = uncounted;
  while (count.reached !== null && !signal.aborted) {
    const body = { ...previewBody(target), after: count.reached };
    count = withPart(count, await act<OperationCountAnswer>("operations/count", body, signal));
    if (!signal.aborted) onPart(count);
  }
}
