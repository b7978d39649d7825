import { AssertionError } from "node:assert";
import type { Client } from "../core/client.ts";
import type { EnqueueableJob } from "../core/job-request.ts";
import type { Job } from "../core/job.ts";
import { enqueuedJobs } from "./enqueued-jobs.ts";
import { containsPart, type PayloadPart } from "./payload-part.ts";

const shown = 5;

/**
 * Asserts that a job of this definition waits or runs whose payload has these members, and gives the newest such job.
 *
 * @throws AssertionError naming the payloads there are.
 * @example
 * ```ts
 * const job = await expectEnqueued(client, sendWelcome, { email: "ada@example.com" });
 * ```
 */
export async function expectEnqueued<Input, Result>(
  client: Client,
  definition: EnqueueableJob<Input, Result>,
  payload?: NoInfer<PayloadPart<Input>>,
): Promise<Job<Result>> {
  const { name } = definition;
  const jobs = await enqueuedJobs(client, name);
  const found = jobs.find((job) => payload === undefined || containsPart(job.payload, payload));
  if (found !== undefined) return found as Job<Result>;
  const there = jobs.slice(0, shown).map((job) => JSON.stringify(job.payload));
  throw new AssertionError({
    message: `Expected a ${JSON.stringify(name)} job${payload === undefined ? "" : ` with ${JSON.stringify(payload)}`}; there ${there.length === 0 ? "is none" : `are ${jobs.length}: ${there.join(", ")}`}.`,
    actual: jobs.map((job) => job.payload),
    expected: payload,
    operator: "expectEnqueued",
  });
}

/**
 * Asserts that no job of this definition waits or runs whose payload has these members.
 *
 * @throws AssertionError naming the job.
 */
export async function expectNotEnqueued<Input>(
  client: Client,
  definition: EnqueueableJob<Input>,
  payload?: NoInfer<PayloadPart<Input>>,
): Promise<void> {
  const { name } = definition;
  const jobs = await enqueuedJobs(client, name);
  const found = jobs.find((job) => payload === undefined || containsPart(job.payload, payload));
  if (found === undefined) return;
  throw new AssertionError({
    message: `Expected no ${JSON.stringify(name)} job; job ${found.id} is ${found.state} with ${JSON.stringify(found.payload)}.`,
    actual: found.payload,
    operator: "expectNotEnqueued",
  });
}

/**
 * Every job that waits or runs, of one definition or of all, in the order they were enqueued.
 *
 * @example
 * ```ts
 * import { allEnqueued } from "holdfast/testing";
 *
 * const jobs = await allEnqueued(client, sendWelcome);
 * console.log(jobs.map(({ payload }) => payload));
 * ```
 */
export async function allEnqueued<Input, Result>(
  client: Client,
  definition?: EnqueueableJob<Input, Result>,
): Promise<readonly Job<Result>[]> {
  const newestFirst = await enqueuedJobs(client, definition?.name);
  return newestFirst.toReversed() as Job<Result>[];
}
