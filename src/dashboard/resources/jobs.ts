import type { Route } from "../route.ts";
import type {
  JobAnswer,
  JobCountsAnswer,
  JobExplainAnswer,
  JobLogsAnswer,
  JobRecentAnswer,
  JobsAnswer,
} from "../wire/jobs.ts";
import { countJobs, findJobs } from "./find-jobs.ts";
import { jobAnswer, jobBar, shownExplanation, shownLines } from "./job-answer.ts";
import { knownJob } from "./known-job.ts";
import { limitOf, params, textsOf } from "./query-params.ts";
import { readFilter } from "./read-filter.ts";

const recentJobs = 50;
const logLines = 1_000;
/** Looked at for the bars: a job whose name is rare has fewer of them. */
const recentSearched = 10_000;

/** Jobs as lists and alone. */
export const jobRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/jobs",
    permission: "read",
    summary: "A page of the jobs that a filter means, newest first.",
    query: { q: params.q, limit: params.limit, after: params.after },
    answer: "Jobs",
    async handle(call): Promise<JobsAnswer> {
      const { q = "", after } = textsOf(call.query, "q", "after");
      const page = { limit: limitOf(call.query), ...(after === undefined ? {} : { after }) };
      const found = await findJobs(call, readFilter(call, q), page);
      return { ...found, now: call.client.clock.now() };
    },
  },
  {
    method: "GET",
    path: "/api/jobs/counts",
    permission: "read",
    summary: "How many jobs a filter means, by state.",
    query: { q: params.q },
    answer: "JobCounts",
    handle: (call): Promise<JobCountsAnswer> =>
      countJobs(call, readFilter(call, call.query.get("q") ?? "")),
  },
  {
    method: "GET",
    path: "/api/jobs/:id",
    permission: "read",
    summary: "Everything about a job.",
    answer: "Job",
    async handle(call): Promise<JobAnswer> {
      const { job, shown } = await knownJob(call);
      return jobAnswer(job, shown, call.client.clock.now());
    },
  },
  {
    method: "GET",
    path: "/api/jobs/:id/explain",
    permission: "read",
    summary: "Why a job is where it is.",
    answer: "JobExplanation",
    async handle(call): Promise<JobExplainAnswer> {
      const { job, shown } = await knownJob(call);
      return shownExplanation(await call.client.jobs.explain(job.id), shown);
    },
  },
  {
    method: "GET",
    path: "/api/jobs/:id/logs",
    permission: "read",
    summary: "The newest lines that a job's handler wrote, oldest first.",
    query: { limit: { ...params.limit, description: `How many, at most ${logLines}.` } },
    answer: "JobLogs",
    async handle(call): Promise<JobLogsAnswer> {
      const { job, shown } = await knownJob(call);
      const limit = Math.min(Number(call.query.get("limit") ?? 200), logLines);
      return { lines: shownLines(await call.client.jobs.logs(job.id, { limit }), shown) };
    },
  },
  {
    method: "GET",
    path: "/api/jobs/:id/recent",
    permission: "read",
    summary: `The newest ${recentJobs} jobs of the same name, newest first.`,
    answer: "JobRecent",
    async handle(call): Promise<JobRecentAnswer> {
      const { job } = await knownJob(call);
      const { jobs } = await call.client.jobs.list({
        name: job.name,
        limit: recentJobs,
        searchAtMost: recentSearched,
        valuesUpTo: 0,
      });
      return { jobs: jobs.map(jobBar) };
    },
  },
];
