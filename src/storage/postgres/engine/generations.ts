import type { NewJob } from "../../../core/new-job.ts";
import type { Query } from "./session.ts";

/**
 * Makes jobs just stored the newest generations of their keys, each beginning with the state of the one before it. Their
 * unique keys are held, so nobody else begins a generation of the same key meanwhile.
 */
export async function beginGenerations(
  query: Query,
  schema: string,
  stored: ReadonlyMap<string, NewJob>,
): Promise<void> {
  const heirs = [...stored].flatMap(([id, { name, unique }]) =>
    unique?.inheritState === true ? [{ id, name, key: unique.key }] : [],
  );
  if (heirs.length === 0) return;
  await query(beginStatement(schema), [
    heirs.map(({ name }) => name),
    heirs.map(({ key }) => key),
    heirs.map(({ id }) => id),
  ]);
}

/** Index walked: the primary keys, once per job. Rows locked: the keys', and the new jobs. Race: a pruner, waited for. */
function beginStatement(schema: string): string {
  const seed = (table: string) => `UPDATE ${schema}.${table} job SET checkpoint = last.checkpoint
      FROM last WHERE job.id = last.id AND last.checkpoint IS NOT NULL`;
  return `WITH heir AS MATERIALIZED (
      SELECT name, key, id FROM unnest($1::text[], $2::text[], $3::bigint[]) AS i(name, key, id)
    ), last AS MATERIALIZED (
      SELECT heir.id, coalesce(
        (SELECT jobs.checkpoint FROM ${schema}.jobs WHERE jobs.id = g.job), g.checkpoint) AS checkpoint
      FROM heir JOIN ${schema}.generation g USING (name, key)
    ), noted AS (
      INSERT INTO ${schema}.generation (name, key, job) SELECT name, key, id FROM heir ORDER BY name, key
      ON CONFLICT (name, key) DO UPDATE SET job = excluded.job, checkpoint = NULL
    ), due AS (${seed("live")}), barred AS (${seed("blocked")})
    ${seed("later")}`;
}

/** Makes a job that came back the newest generation again, should its key hand on states. Index walked: the primary key. */
export async function resumeGeneration(
  query: Query,
  schema: string,
  name: string,
  key: string,
  id: string,
): Promise<void> {
  await query(
    `UPDATE ${schema}.generation SET job = $3, checkpoint = NULL WHERE name = $1 AND key = $2`,
    [name, key, id],
  );
}

/**
 * The steps of a statement that keep what outlives the finished jobs in its step `removed`, which gives their `id`,
 * `finished_at`, `unique_key` and `checkpoint`.
 *
 * Index walked: idempotency_job and generation_job, once per job. Rows locked: those found. Race: an idempotency key that is
 * locked is being taken over, so it is no longer about this job; a key's next generation is waited for, since it may be undone.
 */
export function outlive(schema: string): string {
  return `stamped AS (
      UPDATE ${schema}.idempotency k SET until = removed.finished_at + k.kept_ms
      FROM removed WHERE k.job = removed.id AND k.ctid = ANY (ARRAY(
        SELECT o.ctid FROM removed r JOIN ${schema}.idempotency o ON o.job = r.id FOR UPDATE OF o SKIP LOCKED))
    ), remembered AS (
      UPDATE ${schema}.generation g SET checkpoint = removed.checkpoint
      FROM removed WHERE removed.unique_key IS NOT NULL AND g.job = removed.id
    )`;
}
