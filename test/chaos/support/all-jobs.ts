import type { Client, Job, JobFilter } from "holdfast";

/** Every job that a filter matches, page after page. */
export async function allJobs(client: Client, filter: JobFilter = {}): Promise<readonly Job[]> {
  const found: Job[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = await client.jobs.list({
      ...filter,
      limit: 1_000,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.jobs);
    after = page.next;
  }
  return found;
}
