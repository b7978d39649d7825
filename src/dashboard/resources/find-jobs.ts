import type { JobFilter } from "../../core/job-filter.ts";
import { type Job, type JobState, jobStates } from "../../core/job.ts";
import type { JobRedactor } from "../redact/redactor.ts";
import type { Call } from "../route.ts";
import type { JobCountsAnswer, JobRow, JobsAnswer } from "../wire/jobs.ts";
import { errorTexts, jobRow } from "./job-row.ts";
import { jobTexts } from "./job-texts.ts";
import { mostRows } from "./query-params.ts";

/** Which page. */
export interface Page {
  readonly limit: number;
  readonly after?: string;
}

/** Jobs looked at for one request, where no index answers the filter. */
const searchAtMost = 20_000;

type Found = Omit<JobsAnswer, "now">;

const nothing: Found = { jobs: [], next: null, partial: false, searchedTo: null };

/** A page of rows, newest first, as their reader may see them. */
export async function findJobs(call: Call, filter: JobFilter, page: Page): Promise<Found> {
  const { client, redactor } = call;
  if (redactor.active && filter.error !== undefined) {
    return searchShownErrors(call, filter, filter.error, page);
  }
  const { jobs, next, searchedTo } = await client.jobs.list({ ...filter, ...page, searchAtMost });
  const rows = redacted(call, jobs);
  if (rows.some(({ job, shown }) => isConcealed(filter, job, shown))) return nothing;
  return { jobs: rows.map(rowOf), next, partial: searchedTo !== null, searchedTo };
}

/**
 * Looks for a text in errors as they are shown: were the database asked, what it finds would tell what is hidden. So it looks at one
 * page of jobs a request.
 */
async function searchShownErrors(
  call: Call,
  { error: _error, ...filter }: JobFilter,
  text: string,
  { limit, after }: Page,
): Promise<Found> {
  const states = statesOf(filter).filter((state) => state !== "completed");
  if (states.length === 0) return nothing;
  const asked = { ...filter, state: states, limit: mostRows, searchAtMost };
  const { jobs, next } = await call.client.jobs.list(
    after === undefined ? asked : { ...asked, after },
  );
  const wanted = lower(text);
  const matching = redacted(call, jobs).filter(({ job, shown }) => {
    if (isConcealed(filter, job, shown)) return false;
    return errorTexts(job).some((each) => lower(shown.text(each)).includes(wanted));
  });
  const rows = matching.slice(0, limit).map(rowOf);
  const last = rows.at(-1);
  if (matching.length > limit && last !== undefined) {
    return { jobs: rows, next: last.id, partial: false, searchedTo: null };
  }
  const searchedTo = next === null ? null : (jobs.at(-1)?.createdAt ?? null);
  return { jobs: rows, next, partial: next !== null, searchedTo };
}

interface Redacted {
  readonly job: Job;
  readonly shown: JobRedactor;
}

function redacted({ redactor }: Call, jobs: readonly Job[]): readonly Redacted[] {
  return jobs.map((job) => ({ job, shown: redactor.of(jobTexts(job)) }));
}

function rowOf({ job, shown }: Redacted): JobRow {
  return jobRow(job, shown);
}

/** True when a job was found by something that its reader is not shown: it is as if there were no such job. */
function isConcealed({ tag }: JobFilter, job: Job, shown: JobRedactor): boolean {
  return [tag ?? []]
    .flat()
    .some((asked) => shown.text(asked) !== asked && job.tags.includes(asked));
}

/** How many jobs there are by state, whatever states the filter names, and how many the filter as it is means. */
export async function countJobs(call: Call, filter: JobFilter): Promise<JobCountsAnswer> {
  const { state: _state, ...anyState } = filter;
  if (await isBlind(call, filter)) return unknownCounts;
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

/** True when a number would tell a reader what is hidden from them. */
async function isBlind(call: Call, filter: JobFilter): Promise<boolean> {
  if (!call.redactor.active) return false;
  if (filter.error !== undefined) return true;
  return filter.tag !== undefined && (await findsConcealed(call, filter));
}

/** True when one of the newest jobs that a filter finds is found by what its reader is not shown. */
export async function findsConcealed(call: Call, filter: JobFilter): Promise<boolean> {
  if (!call.redactor.active || filter.tag === undefined) return false;
  const { jobs } = await call.client.jobs.list({ ...filter, limit: 20, searchAtMost });
  return redacted(call, jobs).some(({ job, shown }) => isConcealed(filter, job, shown));
}

const unknown = { count: 0, atLeast: true };

const unknownCounts: JobCountsAnswer = {
  states: Object.fromEntries(jobStates.map((state) => [state, unknown])) as never,
  matching: unknown,
};

function statesOf({ state }: JobFilter): readonly JobState[] {
  if (state === undefined) return jobStates;
  return typeof state === "string" ? [state] : state;
}

/** As both databases lower it: letters of ASCII only. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
