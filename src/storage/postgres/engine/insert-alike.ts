import type { NewJob } from "../../../core/new-job.ts";
import { policyText, tagsText } from "../../shared/job-json.ts";
import type { Query } from "./session.ts";

/** Stores jobs that are alike, wakes who waits for them with the commit, and gives their ids in order. */
export type InsertAlike = (query: Query, jobs: readonly NewJob[]) => Promise<readonly string[]>;

/** Beyond so many jobs, planning their statement is a small part of storing them. */
const mostRows = 250;
const mostPayload = 4_000_000;

/** True for jobs due at once, without unique keys and gates, that differ in nothing but payload, moment and trace, and fit into one call. */
export function areAlike(jobs: readonly NewJob[]): boolean {
  const first = jobs[0];
  if (first === undefined || jobs.length > mostRows) return false;
  let payload = 0;
  for (const job of jobs) {
    payload += job.payload.length;
    if (!isLike(first, job)) return false;
  }
  return jobs.length === 1 || payload <= mostPayload;
}

function isLike(first: NewJob, job: NewJob): boolean {
  return (
    job.runAt === job.createdAt &&
    job.unique === null &&
    job.idempotency === undefined &&
    job.gates === undefined &&
    job.name === first.name &&
    job.queue === first.queue &&
    job.priority === first.priority &&
    job.version === first.version &&
    job.policy === first.policy &&
    job.tags === first.tags
  );
}

/** No JSON text holds this character, so a list of them needs neither quotes nor escapes. */
const separator = "\u001f";

/** Their traces in order; `null` when none has one, as in most applications. */
function tracesOf(jobs: readonly NewJob[]): readonly (string | null)[] | null {
  return jobs.some(({ trace }) => trace !== undefined)
    ? jobs.map(({ trace }) => trace ?? null)
    : null;
}

/** Makes the function for a schema; `from` names this process to those it wakes. What the statements do stands with their functions. */
export function createInsertAlike(schema: string, from: string): InsertAlike {
  const one = `SELECT ${schema}.enqueue_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS ids`;
  const many = `SELECT ${schema}.enqueue_some($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS ids`;
  return async (query, jobs) => {
    const first = jobs[0] as NewJob;
    const { name, version, queue, priority, policy, tags } = first;
    const alone = jobs.length === 1;
    const rows = await query<{ readonly ids: string }>(alone ? one : many, [
      name,
      version,
      queue,
      priority,
      policyText(policy),
      tagsText(tags),
      from,
      alone ? first.createdAt : `{${jobs.map((job) => job.createdAt).join()}}`,
      alone ? first.payload : jobs.map((job) => job.payload).join(separator),
      alone ? (first.trace ?? null) : tracesOf(jobs),
    ]);
    const ids = rows[0]?.ids ?? "";
    return alone ? [ids] : ids.split(",");
  };
}
