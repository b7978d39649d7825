import type { Client } from "../core/client.ts";
import type { Job, JobState } from "../core/job.ts";

const unfinished: readonly JobState[] = [
  "scheduled",
  "available",
  "blocked",
  "running",
  "retryable",
];

const pageSize = 1_000;

/** Every job that waits or runs, of one name or of all, newest first. */
export async function enqueuedJobs(client: Client, name?: string): Promise<readonly Job[]> {
  const filter = { state: unfinished, limit: pageSize, ...(name === undefined ? {} : { name }) };
  const found: Job[] = [];
  let after: string | null | undefined;
  do {
    const page = await client.jobs.list(typeof after === "string" ? { ...filter, after } : filter);
    found.push(...page.jobs);
    after = page.next;
  } while (after !== null);
  return found;
}
