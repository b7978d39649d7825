const columns =
  "id, seq, slot, created_at, run_at, name, version, queue, priority, policy, tags, payload, trace";

/**
 * `enqueue_one` and `enqueue_some` of the eighth step with a parameter more: the job's trace, and a list of traces, NULL where no job
 * has one. What they cost and wait for is told there.
 */
export function enqueueTraced(schema: string, channel: string): string {
  const into = `INSERT INTO ${schema}.stat_line (at, queue, name, tally)`;
  const wake = `IF (CASE WHEN pg_try_advisory_lock(mark) THEN NOT pg_advisory_unlock(mark) ELSE true END) THEN
    PERFORM pg_notify('${channel}', json_build_object('from', $7, 'work', json_build_array($3))::text);
  END IF;`;
  return `
CREATE FUNCTION ${schema}.enqueue_one(text, integer, text, smallint, json, json, text, bigint, json, text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  stored text;
  mark bigint := ${schema}.idle_mark($3);
BEGIN
  INSERT INTO ${schema}.live (${columns})
  VALUES (nextval('${schema}.job_id'), nextval('${schema}.job_seq'), ${schema}.slot(), $8, $8, $1, $2, $3, $4, $5, $6, $9, $10)
  RETURNING id::text INTO stored;
  ${into} VALUES ($8 - $8 % 60000, $3, $1, 'e1');
  ${wake}
  RETURN stored;
END $$;
CREATE FUNCTION ${schema}.enqueue_some(text, integer, text, smallint, json, json, text, bigint[], text, text[]) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  stored text;
  turn smallint := ${schema}.slot();
  mark bigint := ${schema}.idle_mark($3);
BEGIN
  WITH written AS (
    INSERT INTO ${schema}.live (${columns})
    SELECT nextval('${schema}.job_id'), nextval('${schema}.job_seq'), turn, job.at, job.at, $1, $2, $3, $4, $5, $6,
      job.payload::json, job.trace
    FROM ROWS FROM (unnest($8), string_to_table($9, chr(31), ''), unnest($10)) AS job(at, payload, trace)
    RETURNING id
  ) SELECT string_agg(written.id::text, ',' ORDER BY written.id) INTO stored FROM written;
  ${into} SELECT job.at - job.at % 60000, $3, $1, 'e' || count(*) FROM unnest($8) AS job(at) GROUP BY 1;
  ${wake}
  RETURN stored;
END $$;`;
}
