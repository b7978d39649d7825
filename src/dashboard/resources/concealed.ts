import type { JobFilter } from "../../core/job-filter.ts";
import { type JobState, jobStates } from "../../core/job.ts";
import type { Call } from "../route.ts";
import type { ShownJob } from "./job-texts.ts";

/** Jobs looked at for one request where no index answers the filter; values are read as text, and no more of them than is shown. */
export const searchBounds = { searchAtMost: 20_000, valuesUpTo: 0 } as const;

/** True when a filter asks for text of jobs in which something may be hidden from its reader, who is to find only what they are shown. */
export function isAskedAsShown({ redactor }: Call, filter: JobFilter): boolean {
  const { error, tag, uniqueKey, waitingFor } = filter;
  return redactor.active && [error, tag, uniqueKey, waitingFor].some((text) => text !== undefined);
}

/** True when a job was found by nothing that its reader is shown: it is as if there were no such job. */
export function isConcealed(
  { tag, uniqueKey, waitingFor }: JobFilter,
  { job, shown }: ShownJob,
): boolean {
  const isHidden = (text: string) => shown.text(text) !== text;
  const foundBy = [tag ?? []].flat().filter((asked) => job.tags.includes(asked));
  return (
    (tag !== undefined && foundBy.every(isHidden)) ||
    [uniqueKey, waitingFor].some((text) => text !== undefined && isHidden(text))
  );
}

/** The states that a filter names; all of them when it names none. */
export function statesOf({ state }: JobFilter): readonly JobState[] {
  if (state === undefined) return jobStates;
  return typeof state === "string" ? [state] : state;
}
