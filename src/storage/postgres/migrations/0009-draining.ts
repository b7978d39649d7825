/**
 * `understood` of the seventh step, which does not count on workers that drain: they take nothing more, and a job let in for them
 * would hold its gate for as long as they stay. `schema` is quoted.
 */
export function drainingTakesNone(schema: string): string {
  return `
CREATE OR REPLACE FUNCTION ${schema}.understood(of_queue text, of_name text, at_ms bigint) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF EXISTS (SELECT FROM ${schema}.queue q WHERE q.name = of_queue AND (q.paused OR q.closed_until > at_ms)) THEN
    RETURN NULL;
  END IF;
  RETURN (
    SELECT max(coalesce((w.versions ->> of_name)::integer, 2147483647)) FROM ${schema}.worker w
    WHERE NOT w.dead AND NOT w.draining AND w.queues::jsonb @> to_jsonb(of_queue) AND w.handlers::jsonb @> to_jsonb(of_name));
END $$;`;
}
