import type { MigrationStep } from "../../shared/migrator.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.
const jobColumns = [
  "id",
  "created_at",
  "run_at",
  "backoff_ms",
  "run",
  "version",
  "attempt",
  "crashes",
  "priority",
  "name",
  "queue",
  "unique_key",
  "unique_while",
  "payload",
  "checkpoint",
  "progress",
  "result",
  "policy",
  "attempts",
  "tags",
];

const sevenDaysMs = 604_800_000;

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
    SELECT lane.*
    FROM asked CROSS JOIN LATERAL (
      SELECT ready.*
      FROM generate_series(0, 9) AS p(priority) CROSS JOIN LATERAL (
        SELECT l.id, l.name, l.unique_key, l.unique_while FROM ${schema}.live l
        WHERE l.queue = asked.queue AND l.priority = p.priority::smallint AND l.owner IS NULL
          AND l.seq >= ($5)[(asked.position - 1) * 10 + p.priority + 1]
          AND l.version <= ($6 ->> l.name)::integer
        ORDER BY l.seq LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
      ) ready
      LIMIT asked.wanted
    ) lane
    LIMIT $2
  ), unlocked AS (${freeKeys(schema, "picked", "picked.unique_while = 'waiting'")})
  UPDATE ${schema}.live l SET owner = $1, run = run + 1, attempt = attempt + 1, started = crashes = 0,
    claimed_at = $7, claim = $8
  WHERE l.id = ANY (ARRAY(SELECT picked.id FROM picked))
  RETURNING l.id::text, l.run, l.priority, l.seq, l.name, l.version, l.queue, l.payload::text, l.attempt, l.crashes,
    l.created_at, nullif(l.run_at, l.created_at), nullif(l.backoff_ms, 0), l.checkpoint::text, l.policy::text,
    l.attempts::text, l.tags::text;
END $$;`;
}

/**
 * Finishes jobs that succeeded on their first try. Gives NULL when all were found under their leases, else the ids of those
 * that were, in one text. Parameters: ids, owners, runs, when each began and ended, results.
 *
 * Index walked: the primary key of live's children, once through for the whole batch. Rows locked: those finished. Race: a
 * rescue or another settlement of the same lease; whoever comes second finds the fence closed. Cost: one row marked
 * deleted, one row and two index entries written per job. Rows pass through here once: copying them is what costs.
 */
function completeJobs(schema: string): string {
  const columns = jobColumns.filter((column) => column !== "result");
  const first = ["id", "name", "unique_key", "unique_while"];
  const kept = `(SELECT kept.ms FROM kept WHERE kept.name = job.queue)`;
  const set: Readonly<Record<string, string>> = {
    result: "job.result",
    owner: "job.owner",
    claimed_at: "job.claimed_at",
    began_at: "job.began_at",
    finished_at: "job.finished_at",
    bucket: `((job.finished_at + coalesce(${kept}, ${sevenDaysMs})) / 86400000)::integer`,
  };
  const stored = [...new Set([...jobColumns, ...Object.keys(set)])];
  const values = stored.map((column) => set[column] ?? `job.${column}`);
  const returned = [...first, ...columns.filter((column) => !first.includes(column))];
  return `
CREATE FUNCTION ${schema}.complete_jobs(bigint[], bigint[], integer[], bigint[], bigint[], json[]) RETURNS text
LANGUAGE plpgsql ${indexesOnly} SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
  written bigint[];
BEGIN
  WITH completed AS (
    DELETE FROM ${schema}.live l
    USING unnest($1, $2, $3, $4, $5, $6) AS i(id, owner, run, began_at, finished_at, result)
    WHERE l.id = ANY ($1) AND l.id = i.id AND l.owner = i.owner AND l.run = i.run
    RETURNING ${returned.map((column) => `l.${column}`).join(", ")}, coalesce(i.result, l.result) AS result,
      l.owner, l.claimed_at, i.began_at, i.finished_at
  ), kept AS MATERIALIZED (
    SELECT name, keep_completed_ms AS ms FROM ${schema}.queue WHERE keep_completed_ms IS NOT NULL
  ), freed AS (${freeKeys(schema, "completed", "completed.unique_while <> 'ever'")}
  ), done AS (
    INSERT INTO ${schema}.done (${stored.join(", ")}) SELECT ${values.join(", ")} FROM completed job RETURNING id
  )
  SELECT coalesce(array_agg(done.id), '{}') INTO written FROM done;
  RETURN CASE WHEN cardinality(written) < cardinality($1) THEN array_to_string(written, ',') END;
END $$;`;
}

/** The step that frees the unique keys of the jobs in another step, where `condition` holds; locked ones are somebody else's by now. */
function freeKeys(schema: string, jobs: string, condition: string): string {
  return `DELETE FROM ${schema}.uniq WHERE ctid = ANY (ARRAY(
      SELECT held.ctid FROM ${jobs} CROSS JOIN LATERAL (
        SELECT u.ctid FROM ${schema}.uniq u
        WHERE u.name = ${jobs}.name AND u.key = ${jobs}.unique_key AND u.holder = ${jobs}.id
        FOR UPDATE SKIP LOCKED
      ) held
      WHERE ${jobs}.unique_key IS NOT NULL AND ${condition}))`;
}
