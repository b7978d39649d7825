import { defaults } from "../../../core/defaults.ts";
import type { MigrationStep } from "../../shared/migrator.ts";
import { expiryDay, insertFrom, jobColumns } from "../rows.ts";
import { freeKeys } from "../engine/unique-keys.ts";

/**
 * Plans are made once for each connection, without knowing how full the ring is, so they must not depend on it: these leave
 * the planner nothing but the indexes. Planning for every call would cost more than half of what a small call does.
 */
const indexesOnly = `SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
  SET enable_sort = off SET jit = off`;

/** The third step: what workers do all the time, as functions, parsed and planned once for each connection. */
export function hotFunctionsMigration(schema: string): MigrationStep {
  return {
    id: 3,
    name: "hot functions",
    minCode: 3,
    sql: [claimJobs(schema), completeJobs(schema)].join("\n"),
  };
}

/**
 * Takes jobs. Parameters: owner, limit, queues, limit of each, floors (ten for each queue, by priority), handlers with their
 * versions, now, the claim's number.
 *
 * Index walked: live_ready of every child of the ring, from each lane's floor, and no further than the jobs taken; then
 * their primary keys. Rows locked: those taken; locked ones are skipped, so it never waits. Race: a row another claim took
 * meanwhile is locked or no longer free; the lock and the look are one step, so the UPDATE needs no second look. A worker
 * marked dead and a queue paused before it began yield nothing. Cost: forty index probes per queue and one HOT update per
 * job: no index is written, because the owner is in none. What the caller knows is left out of the answer: reading rows is a
 * third of a claim's cost.
 *
 * The queues and lanes are nested, not joined: each is opened only while jobs are still wanted.
 */
function claimJobs(schema: string): string {
  return `
CREATE FUNCTION ${schema}.claim_jobs(bigint, integer, text[], integer[], bigint[], jsonb, bigint, bigint)
RETURNS TABLE (id text, run integer, priority smallint, seq bigint, name text, version integer, queue text, payload text,
  attempt integer, crashes integer, created_at bigint, run_at bigint, backoff_ms bigint, checkpoint text, policy text,
  attempts text, tags text)
LANGUAGE plpgsql ROWS 100 ${indexesOnly} AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT a.queue, a.wanted, a.position
    FROM unnest($3, $4) WITH ORDINALITY AS a(queue, wanted, position)
    WHERE EXISTS (SELECT FROM ${schema}.worker WHERE id = $1 AND NOT dead)
      AND NOT EXISTS (
        SELECT FROM ${schema}.queue q WHERE q.name = a.queue AND (q.paused OR q.closed_until > $7))
  ), picked AS MATERIALIZED (
    SELECT lane.id
    FROM asked CROSS JOIN LATERAL (
      SELECT ready.id
      FROM generate_series(0, 9) AS p(priority) CROSS JOIN LATERAL (
        SELECT l.id FROM ${schema}.live l
        WHERE l.queue = asked.queue AND l.priority = p.priority::smallint AND l.owner IS NULL
          AND l.seq >= ($5)[(asked.position - 1) * 10 + p.priority + 1]
          AND l.version <= ($6 ->> l.name)::integer
        ORDER BY l.seq LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
      ) ready
      LIMIT asked.wanted
    ) lane
    LIMIT $2
  ), taken AS (
    UPDATE ${schema}.live SET owner = $1, run = run + 1, attempt = attempt + 1, started = crashes = 0,
      claimed_at = $7, claim = $8
    WHERE id = ANY (ARRAY(SELECT id FROM picked))
    RETURNING *
  ), unlocked AS (${freeKeys(schema, "taken", "taken.unique_while = 'waiting'")})
  SELECT t.id::text, t.run, t.priority, t.seq, t.name, t.version, t.queue, t.payload::text, t.attempt, t.crashes,
    t.created_at, nullif(t.run_at, t.created_at), nullif(t.backoff_ms, 0), t.checkpoint::text, t.policy::text,
    t.attempts::text, t.tags::text
  FROM taken t;
END $$;`;
}

/**
 * Finishes jobs that succeeded on their first try, and gives the ids of those it found under their leases, in one text.
 * Parameters: ids, owners, runs, when each began and ended, results.
 *
 * Index walked: the primary key of live's children, once through for the whole batch. Rows locked: those finished. Race: a
 * rescue or another settlement of the same lease; whoever comes second finds the fence closed. Cost: one row marked
 * deleted, one row and two index entries written per job.
 */
function completeJobs(schema: string): string {
  const set = {
    owner: "job.owner",
    claimed_at: "job.claimed_at",
    began_at: "job.began_at",
    finished_at: "job.finished_at",
    bucket: expiryDay("job.finished_at", "kept.ms", defaults.completedKeptMs),
  };
  const columns = jobColumns.map((column) =>
    column === "result" ? "coalesce(i.result, l.result) AS result" : `l.${column}`,
  );
  return `
CREATE FUNCTION ${schema}.complete_jobs(bigint[], bigint[], integer[], bigint[], bigint[], json[]) RETURNS text
LANGUAGE plpgsql ${indexesOnly} SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
  written text;
BEGIN
  WITH completed AS (
    DELETE FROM ${schema}.live l
    USING unnest($1, $2, $3, $4, $5, $6) AS i(id, owner, run, began_at, finished_at, result)
    WHERE l.id = ANY ($1) AND l.id = i.id AND l.owner = i.owner AND l.run = i.run
    RETURNING ${columns.join(", ")}, l.owner, l.claimed_at, i.began_at, i.finished_at
  ), kept AS MATERIALIZED (
    SELECT name, keep_completed_ms AS ms FROM ${schema}.queue WHERE keep_completed_ms IS NOT NULL
  ), done AS (
    ${insertFrom(`${schema}.done`, set, "completed job LEFT JOIN kept ON kept.name = job.queue")}
  ), freed AS (${freeKeys(schema, "completed", "completed.unique_while <> 'ever'")})
  SELECT string_agg(completed.id::text, ',') INTO written FROM completed;
  RETURN written;
END $$;`;
}
