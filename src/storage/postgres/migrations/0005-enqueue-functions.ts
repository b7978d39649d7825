import type { MigrationStep } from "../../shared/migrator.ts";
import { channelOf } from "../engine/channel.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.
const columns =
  "id, seq, slot, created_at, run_at, name, version, queue, priority, policy, tags, payload";

/**
 * The fifth step: what enqueuers do all the time, as functions, parsed and planned once for each connection. Code that does
 * not know them goes on with statements of its own.
 */
export function enqueueFunctionsMigration(schema: string): MigrationStep {
  return {
    id: 5,
    name: "enqueue functions",
    minCode: 4,
    sql: [enqueueJob(schema), enqueueJobs(schema)].join("\n"),
  };
}

/**
 * Stores one job that is due now and gives its id. Parameters: name, version, queue, priority, policy, tags, the sender,
 * the moment, payload.
 *
 * Index walked: none, two are written. Rows locked: none but the new one; the queue's mark, tried and let go at once. Race:
 * none, the id and the order number come from sequences. Cost: one row and two index entries; parsing
 * and planning the same statement as text took as long again.
 */
function enqueueJob(schema: string): string {
  return `
CREATE FUNCTION ${schema}.enqueue_job(text, integer, text, smallint, json, json, text, bigint, json) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  stored text;
  mark bigint := ${schema}.idle_mark($3);
BEGIN
  INSERT INTO ${schema}.live (${columns})
  VALUES (nextval('${schema}.job_id'), nextval('${schema}.job_seq'), ${schema}.slot(), $8, $8, $1, $2, $3, $4, $5, $6, $9)
  RETURNING id::text INTO stored;
${wakeWaiting(schema)}
  RETURN stored;
END $$;`;
}

/**
 * Stores jobs that are due now and differ in moment and payload only; gives their ids in order, in one text. Parameters: as
 * `enqueue_job`, with the moments as a list and the payloads as one text, separated by U+001F.
 *
 * Index walked: none, two are written. Rows locked: none but the new ones; the queue's mark, tried and let go at once. Race:
 * none, ids and order numbers come from sequences and rise with the position, since nothing reorders the rows of a list.
 * Cost: one row and two index entries a job.
 */
function enqueueJobs(schema: string): string {
  return `
CREATE FUNCTION ${schema}.enqueue_jobs(text, integer, text, smallint, json, json, text, bigint[], text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  stored text;
  turn smallint := ${schema}.slot();
  mark bigint := ${schema}.idle_mark($3);
BEGIN
  WITH written AS (
    INSERT INTO ${schema}.live (${columns})
    SELECT nextval('${schema}.job_id'), nextval('${schema}.job_seq'), turn, job.at, job.at, $1, $2, $3, $4, $5, $6,
      job.payload::json
    FROM ROWS FROM (unnest($8), string_to_table($9, chr(31), '')) AS job(at, payload)
    RETURNING id
  ) SELECT string_agg(written.id::text, ',' ORDER BY written.id) INTO stored FROM written;
${wakeWaiting(schema)}
  RETURN stored;
END $$;`;
}

/** A worker that waits shares its queue's mark. The message is part of the commit, and made only if somebody waits. */
function wakeWaiting(schema: string): string {
  // Tried and let go in one expression: between two statements a cancel could leave the lock with the session. Without the
  // parentheses the condition would end at the THEN of CASE.
  return `  IF (CASE WHEN pg_try_advisory_lock(mark) THEN NOT pg_advisory_unlock(mark) ELSE true END) THEN
    PERFORM pg_notify('${channelOf(schema)}', json_build_object('from', $7, 'work', json_build_array($3))::text);
  END IF;`;
}
