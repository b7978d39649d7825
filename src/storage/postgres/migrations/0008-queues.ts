// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** What operators set for a queue, and whether a worker was told to drain. `capped_since` is the database's own time. */
export function queueSettings(schema: string): string {
  return `
ALTER TABLE ${schema}.queue ADD COLUMN concurrency integer, ADD COLUMN max_running integer,
  ADD COLUMN capped_since bigint, ADD COLUMN backoff json, ADD COLUMN changed_at bigint, ADD COLUMN changed_by text;
ALTER TABLE ${schema}.worker ADD COLUMN draining boolean NOT NULL DEFAULT false;
CREATE INDEX blocked_queue ON ${schema}.blocked (queue);
${waitingQueues(schema)}`;
}

/**
 * The queues that have jobs ready to run or waiting at a gate and that have no row of their own. Looks between one name known and the
 * next, so that no queue's jobs are walked, nor what is left of those that have gone.
 *
 * Index walked: live_ready of every child and blocked_queue, one probe for each gap between known names and each name found.
 */
function waitingQueues(schema: string): string {
  const next = (table: string, into: string, below: string) =>
    `SELECT t.queue INTO ${into} FROM ${schema}.${table} t WHERE t.queue > low ${below} ORDER BY t.queue LIMIT 1;`;
  const both = (below: string) => `${next("live", "ready", below)}
        ${next("blocked", "barred", below)}`;
  return `CREATE FUNCTION ${schema}.waiting_queues() RETURNS SETOF text LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  gap record;
  low text;
  ready text;
  barred text;
BEGIN
  FOR gap IN
    SELECT k.name AS low, lead(k.name) OVER (ORDER BY k.name) AS upper
    FROM (SELECT '' AS name UNION ALL SELECT q.name FROM ${schema}.queue q) k
  LOOP
    low := gap.low;
    LOOP
      IF gap.upper IS NULL THEN
        ${both("")}
      ELSE
        ${both("AND t.queue < gap.upper")}
      END IF;
      low := least(ready, barred);
      EXIT WHEN low IS NULL;
      RETURN NEXT low;
    END LOOP;
  END LOOP;
END $$;`;
}
