import { AssertionError } from "node:assert";
import { jobNotFound } from "../client/job-id.ts";
import type { Client } from "../core/client.ts";
import type { Job, JobId, JobState } from "../core/job.ts";

/**
 * Asserts that a job is in this state, and gives it. The failure says which state it is in and why.
 *
 * @throws AssertionError; HoldfastError `JOB_NOT_FOUND`.
 * @example
 * ```ts
 * import { expectState } from "holdfast/testing";
 *
 * const { runAt } = await expectState(client, jobId, "retryable");
 * ```
 */
export async function expectState<Result>(
  client: Client,
  id: JobId<Result>,
  state: JobState,
): Promise<Job<Result>> {
  const job = await client.handle(id).get();
  if (job === undefined) throw jobNotFound(id);
  if (job.state === state) return job;
  throw new AssertionError({
    message: `Expected job ${id} (${job.name}) to be ${state}; it is ${job.state}${await whyOf(client, job)}.`,
    actual: job.state,
    expected: state,
    operator: "expectState",
  });
}

/**
 * Asserts that a job has completed, and gives its result.
 *
 * @throws AssertionError saying how else it ended or why it has not; HoldfastError `JOB_NOT_FOUND`.
 * @example
 * ```ts
 * import { expectCompleted } from "holdfast/testing";
 *
 * const { id } = await client.enqueue(greeting, { email });
 * const text: string = await expectCompleted(client, id);
 * ```
 */
export async function expectCompleted<Result>(client: Client, id: JobId<Result>): Promise<Result> {
  const { result } = await expectState(client, id, "completed");
  // A job without a result gives what its handler gave: nothing.
  return result as Result;
}

/** What explains a state that was not expected: how it ended, else what it waits for, and the last error. */
async function whyOf(client: Client, job: Job): Promise<string> {
  const { reasons } = await client.jobs.explain(job.id);
  const error = job.attempts.at(-1)?.error;
  const ended = job.reason === null ? [] : [`${job.reason.code}: ${job.reason.message}`];
  const waits = reasons.filter(({ kind }) => kind !== job.state && kind !== "finished");
  const thrown = error === undefined ? [] : [`last error ${error.name}: ${error.message}`];
  const why = [...ended, ...waits.map(({ kind }) => kind), ...thrown];
  return why.length === 0 ? "" : ` (${why.join("; ")})`;
}
