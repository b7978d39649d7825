import type { JobFilter } from "../../core/job-filter.ts";
import { jobStates } from "../../core/job.ts";
import type { Call } from "../route.ts";
import type { JobCountsAnswer, JobRow, JobsAnswer } from "../wire/jobs.ts";
import { isTagUnseen, isConcealed, searchBounds, statesOf } from "./concealed.ts";
import { jobRow } from "./job-row.ts";
import { type ShownJob, shownRows } from "./job-texts.ts";
import { findShownErrors } from "./shown-errors.ts";

/** Which page. */
export interface Page {
  readonly limit: number;
  readonly after?: string;
}

type Found = Omit<JobsAnswer, "now">;

const nothing: Found = { jobs: [], next: null, partial: false, searchedTo: null };

/** A page of rows, newest first, as their reader may see them. */
export async function findJobs(call: Call, filter: JobFilter, page: Page): Promise<Found> {
  const { client, redactor } = call;
  if (redactor.active && filter.error !== undefined) {
    const { found, next, searchedTo } = await findShownErrors(call, filter, page);
    const partial = next !== null && found.length < page.limit;
    return { jobs: found.map(rowOf), next, partial, searchedTo: partial ? searchedTo : null };
  }
  const { jobs, next, searchedTo } = await client.jobs.list({
    ...filter,
    ...page,
    ...searchBounds,
  });
  const rows = await shownRows(call, jobs);
  if (rows.some((row) => isConcealed(filter, row))) return nothing;
  return { jobs: rows.map(rowOf), next, partial: searchedTo !== null, searchedTo };
}

function rowOf({ job, shown }: ShownJob): JobRow {
  return jobRow(job, shown);
}

/** How many jobs there are by state, whatever states the filter names, and how many the filter as it is means. */
export async function countJobs(call: Call, filter: JobFilter): Promise<JobCountsAnswer> {
  const { state: _state, ...anyState } = filter;
  if (call.redactor.active && filter.error !== undefined) return uncounted(true);
  if (await isTagUnseen(call, filter)) return uncounted(false);
  const { searchAtMost } = searchBounds;
  const counts = await call.client.jobs.count(anyState, { searchAtMost });
  const states = Object.fromEntries(
    jobStates.map((state) => [
      state,
      { count: counts[state].jobs, atLeast: counts[state].atLeast },
    ]),
  ) as unknown as JobCountsAnswer["states"];
  const matching = statesOf(filter).map((state) => states[state]);
  return {
    states,
    matching: {
      count: matching.reduce((sum, { count }) => sum + count, 0),
      atLeast: matching.some(({ atLeast }) => atLeast),
    },
  };
}

/** What is answered where a number would tell a reader what is hidden from them: no jobs, or no number. */
function uncounted(atLeast: boolean): JobCountsAnswer {
  const none = { count: 0, atLeast };
  return {
    states: Object.fromEntries(jobStates.map((state) => [state, none])) as never,
    matching: none,
  };
}
