import type { NewJob } from "../../../core/new-job.ts";
import type { Query } from "./session.ts";

/** The most one statement writes: rows, and characters of payload. */
export const mostRows = 2_000;
const mostPayload = 4_000_000;

/** Cuts jobs into what one statement each can carry; one job is never too much. */
export function chunksOf(jobs: readonly NewJob[]): readonly (readonly NewJob[])[] {
  const chunks: NewJob[][] = [];
  let payload = Number.POSITIVE_INFINITY;
  for (const job of jobs) {
    payload += job.payload.length;
    const last = chunks.at(-1);
    if (last !== undefined && last.length < mostRows && payload <= mostPayload) {
      last.push(job);
    } else {
      chunks.push([job]);
      payload = job.payload.length;
    }
  }
  return chunks;
}

/** Stores jobs with the ids given, else with new ones; gives the ids, in order. */
export type InsertJobs = (
  query: Query,
  jobs: readonly NewJob[],
  ids?: readonly string[],
) => Promise<readonly string[]>;

/** Makes the inserting function of a schema. */
export function createInsertJobs(schema: string): InsertJobs {
  const sql = insertStatement(schema);
  return async (query, jobs, ids) => {
    const stored: string[] = [];
    for (const chunk of chunksOf(jobs)) {
      const given = ids?.slice(stored.length, stored.length + chunk.length);
      const params = [given, ...columnsOf(chunk)];
      const rows = await query<{ readonly id: string }>(sql, params);
      for (const row of rows) stored.push(row.id);
    }
    return stored;
  };
}

/**
 * Index walked: none, two are written. Rows locked: none but the new ones. Race: none, ids and order numbers come from
 * sequences; they rise with the position because volatile columns are computed after the sort. Cost: one row and two
 * index entries per job, in one round trip whether the jobs are due now, later or both.
 */
function insertStatement(schema: string): string {
  const columns = `id, name, version, queue, priority, payload, created_at, run_at, policy,
    unique_key, unique_while, tags`;
  return `
    WITH input AS MATERIALIZED (
      SELECT coalesce(given, nextval('${schema}.job_id')) AS id, i.*
      FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::text[], $5::smallint[], $6::json[], $7::bigint[],
          $8::bigint[], $9::json[], $10::text[], $11::text[], $12::json[]) WITH ORDINALITY
        AS i(given, name, version, queue, priority, payload, created_at, run_at, policy, unique_key, unique_while,
          tags, position)
      ORDER BY position
    ), due AS (
      INSERT INTO ${schema}.live (${columns}, seq)
      SELECT ${columns}, nextval('${schema}.job_seq') FROM input WHERE run_at <= created_at ORDER BY position
    ), scheduled AS (
      INSERT INTO ${schema}.later (${columns}, retrying)
      SELECT ${columns}, false FROM input WHERE run_at > created_at ORDER BY position
    )
    SELECT id::text FROM input ORDER BY position`;
}

function columnsOf(jobs: readonly NewJob[]): readonly unknown[] {
  // The jobs of one definition share one policy.
  const policies = new Map(jobs.map(({ policy }) => [policy, ""]));
  for (const policy of policies.keys()) policies.set(policy, JSON.stringify(policy));
  return [
    jobs.map((job) => job.name),
    jobs.map((job) => job.version),
    jobs.map((job) => job.queue),
    jobs.map((job) => job.priority),
    jobs.map((job) => job.payload),
    jobs.map((job) => job.createdAt),
    jobs.map((job) => job.runAt),
    jobs.map((job) => policies.get(job.policy)),
    jobs.map((job) => job.unique?.key ?? null),
    jobs.map((job) => job.unique?.while ?? null),
    jobs.map((job) => JSON.stringify(job.tags)),
  ];
}
