import type { JobFilter } from "../../core/job-filter.ts";
import { type JobState, jobStates } from "../../core/job.ts";
import type { Call } from "../route.ts";
import { type ShownJob, shownRows } from "./job-texts.ts";

/** Jobs looked at for one request where no index answers the filter; values are read as text, and no more of them than is shown. */
export const searchBounds = { searchAtMost: 20_000, valuesUpTo: 0 } as const;

/** True when a job was found by something that its reader is not shown: it is as if there were no such job. */
export function isConcealed({ tag }: JobFilter, { job, shown }: ShownJob): boolean {
  return [tag ?? []]
    .flat()
    .some((asked) => shown.text(asked) !== asked && job.tags.includes(asked));
}

/**
 * True when a filter's tag is for its reader one that no job has: none has it, or one of the newest has it and they are not shown it. The
 * two are answered alike.
 */
export async function isTagUnseen(call: Call, filter: JobFilter): Promise<boolean> {
  if (!call.redactor.active || filter.tag === undefined) return false;
  const { jobs } = await call.client.jobs.list({ ...filter, limit: 20, ...searchBounds });
  const rows = await shownRows(call, jobs);
  return rows.length === 0 || rows.some((row) => isConcealed(filter, row));
}

/** The states that a filter names; all of them when it names none. */
export function statesOf({ state }: JobFilter): readonly JobState[] {
  if (state === undefined) return jobStates;
  return typeof state === "string" ? [state] : state;
}
