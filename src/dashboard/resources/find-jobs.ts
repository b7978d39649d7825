import type { JobFilter } from "../../core/job-filter.ts";
import { type JobState, jobStates } from "../../core/job.ts";
import type { Call } from "../route.ts";
import type { JobCountsAnswer, JobRow, JobsAnswer } from "../wire/jobs.ts";
import { isAskedAsShown, searchBounds, statesOf } from "./concealed.ts";
import { jobRow } from "./job-row.ts";
import { type ShownJob, shownRows } from "./job-texts.ts";
import { findShown, newestShown } from "./search-shown.ts";

/** Which page. */
export interface Page {
  readonly limit: number;
  readonly after?: string;
}

type Found = Omit<JobsAnswer, "now">;

/** A page of rows, newest first, as their reader may see them. */
export async function findJobs(call: Call, filter: JobFilter, page: Page): Promise<Found> {
  if (isAskedAsShown(call, filter)) {
    const { found, next, searchedTo } = await findShown(call, filter, page);
    const partial = next !== null && found.length < page.limit;
    return { jobs: found.map(rowOf), next, partial, searchedTo: partial ? searchedTo : null };
  }
  const { jobs, next, searchedTo } = await call.client.jobs.list({
    ...filter,
    ...page,
    ...searchBounds,
  });
  const rows = await shownRows(call, jobs);
  return { jobs: rows.map(rowOf), next, partial: searchedTo !== null, searchedTo };
}

function rowOf({ job, shown }: ShownJob): JobRow {
  return jobRow(job, shown);
}

/** How many jobs there are by state, whatever states the filter names, and how many the filter as it is means. */
export async function countJobs(call: Call, filter: JobFilter): Promise<JobCountsAnswer> {
  const { state: _state, ...anyState } = filter;
  const states = isAskedAsShown(call, filter)
    ? await countShown(call, anyState)
    : await countAll(call, anyState);
  const matching = statesOf(filter).map((state) => states[state]);
  return {
    states,
    matching: {
      count: matching.reduce((sum, { count }) => sum + count, 0),
      atLeast: matching.some(({ atLeast }) => atLeast),
    },
  };
}

type Counts = JobCountsAnswer["states"];

async function countAll({ client }: Call, filter: JobFilter): Promise<Counts> {
  const { searchAtMost } = searchBounds;
  const counts = await client.jobs.count(filter, { searchAtMost });
  return countsOf((state) => ({ count: counts[state].jobs, atLeast: counts[state].atLeast }));
}

/** Counts what can be found; of errors, for which each job must be looked at, nothing. */
async function countShown(call: Call, filter: JobFilter): Promise<Counts> {
  if (filter.error !== undefined) return countsOf(() => ({ count: 0, atLeast: true }));
  const { found, next } = await newestShown(call, filter);
  return countsOf((state) => ({
    count: found.filter(({ job }) => job.state === state).length,
    atLeast: next !== null,
  }));
}

function countsOf(count: (state: JobState) => Counts[JobState]): Counts {
  return Object.fromEntries(jobStates.map((state) => [state, count(state)])) as unknown as Counts;
}
