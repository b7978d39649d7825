import type { Job } from "../../core/job.ts";
import type { JobRedactor, JobTexts, Redactor } from "../redact/redactor.ts";
import type { Call } from "../route.ts";

/** A job, and what somebody may see of it. */
export interface ShownJob {
  readonly job: Job;
  readonly shown: JobRedactor;
}

/** Characters of a value that a row needs. */
const forRow = 2_001;
/**
 * Characters of the values of a list that are looked through for what is hidden, and of one value in it at most and in any case: of longer
 * ones nothing is shown in a row.
 */
const toRedact = { list: 1_000_000, most: 100_000, least: 5_000 } as const;

/** Jobs of a list with what their reader may see of them, without reading more of their values than a row needs. */
export async function shownRows(
  { client, redactor }: Call,
  jobs: readonly Job[],
): Promise<readonly ShownJob[]> {
  if (jobs.length === 0) return [];
  const upTo = redactor.active ? share(jobs.length) : forRow;
  const texts = await client.jobs.texts(
    jobs.map(({ id }) => id),
    { upTo },
  );
  const known = new Map(texts.map((each) => [each.id, each]));
  return jobs.map((job) => ({ job, shown: shownJob(redactor, job, known.get(job.id)) }));
}

function share(jobs: number): number {
  const { list, most, least } = toRedact;
  return Math.max(least, Math.min(most, Math.floor(list / jobs)));
}

/** A job with all of its values, integers of any size exact. */
export async function shownWhole({ client, redactor }: Call, job: Job): Promise<JobRedactor> {
  const [texts] = await client.jobs.texts([job.id]);
  return shownJob(redactor, job, texts);
}

const nothing = { payload: null, result: null, checkpoint: null, progress: null };

function shownJob(
  redactor: Redactor,
  { name }: Job,
  texts: Omit<JobTexts, "name"> | undefined,
): JobRedactor {
  const { payload, result, checkpoint, progress } = texts ?? nothing;
  return redactor.of({ name, payload, result, checkpoint, progress });
}
