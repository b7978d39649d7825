import { channelOf } from "../engine/channel.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/**
 * What is counted. Each write that has something to count adds lines to `stat_line`, which nobody changes, so that no
 * snapshot makes a chain of a row; a pass adds them up into `stat` and removes them.
 */
export function statsPart(schema: string): string {
  const counters =
    "enqueued started completed rescheduled snoozed failed retried discarded cancelled rescued";
  return `
CREATE TABLE ${schema}.stat_line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at bigint NOT NULL,
  queue text NOT NULL,
  name text NOT NULL,
  tally text NOT NULL
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_analyze_threshold = 50000, autovacuum_vacuum_insert_threshold = 100000);
ALTER TABLE ${schema}.stat_line ALTER COLUMN tally SET STATISTICS 0;

CREATE TABLE ${schema}.stat (
  span_ms integer NOT NULL,
  at bigint NOT NULL,
  queue text NOT NULL,
  name text NOT NULL,
${counters
  .split(" ")
  .map((counter) => `  ${counter} bigint NOT NULL,`)
  .join("\n")}
  waiting text NOT NULL,
  running text NOT NULL,
  PRIMARY KEY (span_ms, at, queue, name)
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE ${schema}.stat ALTER COLUMN waiting SET STATISTICS 0, ALTER COLUMN running SET STATISTICS 0;
${noted(schema)}
${countedEnds(schema)}
${enqueueCounted(schema, channelOf(schema))}`;
}

/**
 * Adds lines and gives its first parameter, so that whatever makes that is counted in the same statement. Index walked: none,
 * one is written. Rows locked: none but the new ones. Race: none. Cost: one row and one index entry for each line, of which a
 * write has one or two, however many jobs it is about.
 */
function noted(schema: string): string {
  return `
CREATE FUNCTION ${schema}.noted(text, bigint[], text[], text[], text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ${schema}.stat_line (at, queue, name, tally) SELECT * FROM unnest($2, $3, $4, $5);
  RETURN $1;
END $$;`;
}

/**
 * The same for what complete_jobs and complete_span answer, with one line or with many: NULL, when every job was finished, and the lines hold. Else the jobs
 * that were are counted from their own rows, by their keys: rare, and then a handful.
 */
function countedEnds(schema: string): string {
  const into = `INSERT INTO ${schema}.stat_line (at, queue, name, tally)`;
  return [
    countingEnds(
      schema,
      "counted_end(text, bigint, text, text, text)",
      `${into} VALUES ($2, $3, $4, $5)`,
    ),
    countingEnds(
      schema,
      "counted_ends(text, bigint[], text[], text[], text[])",
      `${into} SELECT * FROM unnest($2, $3, $4, $5)`,
    ),
  ].join("");
}

function countingEnds(schema: string, signature: string, write: string): string {
  return `
CREATE FUNCTION ${schema}.${signature} RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF $1 IS NULL THEN
    ${write};
  ELSIF $1 <> '' THEN
    INSERT INTO ${schema}.stat_line (at, queue, name, tally)
    SELECT line.at - line.at % 60000, job.queue, job.name, line.tally
    FROM ${schema}.done job CROSS JOIN LATERAL (VALUES
      (job.began_at, 's1 W' || greatest(job.began_at - job.run_at, 0)),
      (job.finished_at, 'c1 R' || greatest(job.finished_at - job.began_at, 0))
    ) AS line(at, tally)
    WHERE job.id = ANY (string_to_array($1, ',')::bigint[]);
  END IF;
  RETURN $1;
END $$;`;
}

const columns =
  "id, seq, slot, created_at, run_at, name, version, queue, priority, policy, tags, payload";

/**
 * `enqueue_job` and `enqueue_jobs` of the fifth step, counted; parameters and answer are theirs. A call of those would cost as much
 * again as the counting. Cost: one row and one index entry more, whatever the number of jobs; two when a minute ends among
 * them.
 */
function enqueueCounted(schema: string, channel: string): string {
  const into = `INSERT INTO ${schema}.stat_line (at, queue, name, tally)`;
  const wake = `IF (CASE WHEN pg_try_advisory_lock(mark) THEN NOT pg_advisory_unlock(mark) ELSE true END) THEN
    PERFORM pg_notify('${channel}', json_build_object('from', $7, 'work', json_build_array($3))::text);
  END IF;`;
  return `
CREATE FUNCTION ${schema}.enqueue_one(text, integer, text, smallint, json, json, text, bigint, json) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  stored text;
  mark bigint := ${schema}.idle_mark($3);
BEGIN
  INSERT INTO ${schema}.live (${columns})
  VALUES (nextval('${schema}.job_id'), nextval('${schema}.job_seq'), ${schema}.slot(), $8, $8, $1, $2, $3, $4, $5, $6, $9)
  RETURNING id::text INTO stored;
  ${into} VALUES ($8 - $8 % 60000, $3, $1, 'e1');
  ${wake}
  RETURN stored;
END $$;
CREATE FUNCTION ${schema}.enqueue_some(text, integer, text, smallint, json, json, text, bigint[], text) RETURNS text
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
  ${into} SELECT job.at - job.at % 60000, $3, $1, 'e' || count(*) FROM unnest($8) AS job(at) GROUP BY 1;
  ${wake}
  RETURN stored;
END $$;`;
}
