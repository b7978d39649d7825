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
${countedEnds(schema)}`;
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
 * The same for what complete_jobs and complete_span answer: NULL, when every job was finished, and the lines hold. Else the jobs
 * that were are counted from their own rows, by their keys: rare, and then a handful.
 */
function countedEnds(schema: string): string {
  return `
CREATE FUNCTION ${schema}.counted_ends(text, bigint[], text[], text[], text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF $1 IS NULL THEN
    INSERT INTO ${schema}.stat_line (at, queue, name, tally) SELECT * FROM unnest($2, $3, $4, $5);
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
