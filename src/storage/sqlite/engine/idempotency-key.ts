import type { EnqueueReceipt } from "../../../core/enqueue-options.ts";
import type { IdempotencyClaim } from "../../../core/idempotency.ts";
import type { JobState } from "../../../core/job.ts";
import type { NewJob } from "../../../core/new-job.ts";
import { recall } from "../../../core/recall.ts";
import type { Session } from "./session.ts";

interface KnownRow {
  readonly job: number;
  readonly keptMs: number;
  readonly until: number | null;
}

interface JobPlace {
  readonly state: JobState;
  readonly finishedAt: number | null;
}

/**
 * The job a repeated request made; `null` for a new request.
 *
 * Index: the primary keys of the keys and of each job table. Locks: the one writer of the file. Races: none inside it.
 */
export function recallJob(
  session: Session,
  job: NewJob,
  { key }: IdempotencyClaim,
): EnqueueReceipt | null {
  const known = session.get<KnownRow>(readKey, job.name, key);
  if (known === undefined) return null;
  const { job: id, keptMs, until } = known;
  const place = session.get<JobPlace>(readPlace, id) ?? { state: null, finishedAt: null };
  return recall({ id: String(id), keptMs, until, ...place }, job.createdAt) ?? null;
}

/** Writes down which job a request made, or was given. */
export function rememberJob(
  session: Session,
  { name }: NewJob,
  { key, keptMs }: IdempotencyClaim,
  id: number,
): void {
  session.run(writeKey, name, key, id, keptMs);
}

/**
 * Sets the time of the keys whose finished jobs are about to be removed from a table.
 *
 * Index: the jobs' own, then holdfast_idempotency_job once per job. Locks: the one writer of the file.
 */
export function keepKeys(table: "done" | "dead", jobs: string): string {
  return `UPDATE holdfast_idempotency
    SET until = kept_ms + (SELECT finished_at FROM holdfast_${table} AS job WHERE job.id = holdfast_idempotency.job)
    WHERE job IN (${jobs})`;
}

const readKey =
  "SELECT job, kept_ms AS keptMs, until FROM holdfast_idempotency WHERE name = ? AND key = ?";

const readPlace = "SELECT state, finished_at AS finishedAt FROM holdfast_jobs WHERE id = ?";

const writeKey = `
  INSERT INTO holdfast_idempotency (name, key, job, kept_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (name, key) DO UPDATE SET job = excluded.job, kept_ms = excluded.kept_ms, until = NULL`;
