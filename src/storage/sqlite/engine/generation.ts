import type { NewJob } from "../../../core/new-job.ts";
import { placeOfNew } from "./new-job-place.ts";
import type { Session } from "./session.ts";

interface LastJob {
  readonly job: number;
  readonly checkpoint: string | null;
}

/**
 * Makes a job just stored the newest generation of its key, beginning with the state of the one before it.
 *
 * Index: the primary keys. Locks: the one writer of the file. Races: none inside it. Cost: three searches, two rows written.
 */
export function beginGeneration(session: Session, job: NewJob, key: string, id: number): void {
  const last = session.get<LastJob>(readLast, job.name, key);
  const kept =
    last === undefined ? undefined : session.get<Pick<LastJob, "checkpoint">>(readState, last.job);
  const state = kept?.checkpoint ?? last?.checkpoint ?? null;
  session.run(writeNewest, job.name, key, id);
  if (state === null) return;
  session.run(`UPDATE holdfast_${placeOfNew(job)} SET checkpoint = ? WHERE id = ?`, state, id);
}

/** Makes a job that came back the newest generation again, should its key hand on states. */
export function resumeGeneration(session: Session, name: string, key: string, id: number): void {
  session.run(
    "UPDATE holdfast_generation SET job = ?, checkpoint = NULL WHERE name = ? AND key = ?",
    id,
    name,
    key,
  );
}

/**
 * Keeps the states of generations whose finished jobs are about to be removed from a table.
 *
 * Index: the jobs' own, then holdfast_generation_job once per job. Locks: the one writer of the file.
 */
export function keepStates(table: "done" | "dead", jobs: string): string {
  return `UPDATE holdfast_generation
    SET checkpoint = (SELECT checkpoint FROM holdfast_${table} AS job WHERE job.id = holdfast_generation.job)
    WHERE job IN (${jobs})`;
}

const readLast = "SELECT job, checkpoint FROM holdfast_generation WHERE name = ? AND key = ?";
const readState = "SELECT checkpoint FROM holdfast_jobs WHERE id = ?";
const writeNewest = `
  INSERT INTO holdfast_generation (name, key, job) VALUES (?, ?, ?)
  ON CONFLICT (name, key) DO UPDATE SET job = excluded.job, checkpoint = NULL`;
