import { HoldfastError } from "../../../core/errors.ts";
import type { JobState } from "../../../core/job.ts";
import { idOf } from "../rows.ts";
import type { Query } from "./session.ts";

/** A write by id, and the consistent read that says why it cannot touch anything. */
export interface WriteById<Answer> {
  /** `undefined` when it touched nothing. */
  write(): Promise<Answer | undefined>;
  /** `undefined` when the job is where the write should have found it. */
  read(): Promise<Answer | undefined>;
}

const tries = 20;

/**
 * Repeats a write by id until it has touched the job, or one statement over all tables shows that it never will: a statement
 * looks where the job was when it began, and the job may have moved meanwhile.
 */
export async function repeatById<Answer>(id: string, by: WriteById<Answer>): Promise<Answer> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const answer = (await by.write()) ?? (await by.read());
    if (answer !== undefined) return answer;
  }
  throw new HoldfastError(
    "STORAGE_CONFLICT",
    `Job ${id} kept moving while it was to be changed. Try again.`,
    { details: { id } },
  );
}

/** Where a job stands, over all tables in one statement; `undefined` when it is nowhere. */
export async function stateOf(
  query: Query,
  schema: string,
  id: string,
): Promise<JobState | undefined> {
  const sql = `SELECT state FROM ${schema}.jobs WHERE id = $1`;
  return (await query<{ readonly state: JobState }>(sql, [idOf(id)]))[0]?.state;
}
