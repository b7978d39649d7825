import { AssertionError } from "node:assert";
import type { Client } from "../core/client.ts";
import type { AnyJobDefinition } from "../core/job-request.ts";
import type { Job, JobState } from "../core/job.ts";

const unfinished: readonly JobState[] = [
  "scheduled",
  "available",
  "blocked",
  "running",
  "retryable",
];
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
export async function expectEnqueued(
  client: Client,
  definition: AnyJobDefinition,
  payload?: unknown,
): Promise<Job> {
  const { name } = definition;
  const { jobs } = await client.jobs.list({ name, state: unfinished, limit: 1_000 });
  const found = jobs.find((job) => payload === undefined || contains(job.payload, payload));
  if (found !== undefined) return found;
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
export async function expectNotEnqueued(
  client: Client,
  definition: AnyJobDefinition,
  payload?: unknown,
): Promise<void> {
  const { name } = definition;
  const { jobs } = await client.jobs.list({ name, state: unfinished, limit: 1_000 });
  const found = jobs.find((job) => payload === undefined || contains(job.payload, payload));
  if (found === undefined) return;
  throw new AssertionError({
    message: `Expected no ${JSON.stringify(name)} job; job ${found.id} is ${found.state} with ${JSON.stringify(found.payload)}.`,
    actual: found.payload,
    operator: "expectNotEnqueued",
  });
}

/** Every member of `part` is in `whole`, arrays of equal length. */
function contains(whole: unknown, part: unknown): boolean {
  if (typeof part !== "object" || part === null) return Object.is(whole, part);
  if (typeof whole !== "object" || whole === null) return false;
  if (Array.isArray(part) !== Array.isArray(whole)) return false;
  if (Array.isArray(part) && part.length !== Object.keys(whole).length) return false;
  return Object.entries(part).every(
    ([key, member]) => Object.hasOwn(whole, key) && contains(Reflect.get(whole, key), member),
  );
}
