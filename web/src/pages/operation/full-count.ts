import type {
  OperationCountAnswer,
  OperationPreviewAnswer,
} from "../../../../src/dashboard/wire/operations.ts";
import { jobStates } from "../../components/job-states.ts";

type Counts = OperationPreviewAnswer["byState"];

/** How far all jobs have been counted, oldest first. */
export interface FullCount {
  readonly byState: Counts;
  /** The id up to which they are; `null` when all are. */
  readonly reached: string | null;
}

/** Nothing is counted yet. */
export const uncounted: FullCount = {
  byState: Object.fromEntries(jobStates.map((state) => [state, 0])) as Counts,
  reached: "0",
};

/** The count with one part more. */
export function withPart({ byState }: FullCount, part: OperationCountAnswer): FullCount {
  const sums = jobStates.map((state) => [state, byState[state] + part.byState[state]]);
  return { byState: Object.fromEntries(sums) as Counts, reached: part.next };
}

/** What a preview says once more has been counted than it knew of: exactly, when all have. */
export function previewWith(
  preview: OperationPreviewAnswer,
  { byState, reached }: FullCount,
): OperationPreviewAnswer {
  const matched = jobStates.reduce((sum, state) => sum + byState[state], 0);
  if (reached === null) return { ...preview, byState, matched, atLeast: false };
  return matched > preview.matched ? { ...preview, byState, matched } : preview;
}

/** How much has been counted, 0 to 1; `undefined` while the newest that matches is not known. */
export function shareCounted(
  { sample }: OperationPreviewAnswer,
  { reached }: FullCount,
): number | undefined {
  const [newest] = sample;
  if (newest === undefined || reached === null) return undefined;
  return Math.min(1, Number(reached) / Number(newest.id));
}
