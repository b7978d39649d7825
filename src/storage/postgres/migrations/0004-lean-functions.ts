import type { MigrationStep } from "../../shared/migrator.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.
/** What a job keeps when it is completed. */
export const jobColumns: readonly string[] = [
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

/** As in the third step: no plan may depend on how full the ring was when it was made. */
const indexesOnly = `SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
  SET enable_sort = off SET jit = off`;

/** The fourth step: jobs expire by the batch they finished in; claims answer with one text per job. `schema` is quoted. */
export function leanFunctionsMigration(schema: string): MigrationStep {
  return {
    id: 4,
    name: "lean functions",
    minCode: 4,
    sql: [expiry(schema), claimJobs(schema), completeJobs(schema)].join("\n"),
  };
}

/**
 * A row lists the jobs that one statement finished and that expire on one day: an index entry for each job cost a tenth of
 * its end. The lists are not compressed: that took the server a twentieth of its time.
 */
function expiry(schema: string): string {
  return `
DROP INDEX ${schema}.done_expiry;
CREATE TABLE ${schema}.done_expiry (
  bucket integer NOT NULL,
  ids bigint[] NOT NULL
) WITH (toast_tuple_target = 8160);
ALTER TABLE ${schema}.done_expiry ALTER COLUMN ids SET STATISTICS 0, ALTER COLUMN ids SET STORAGE EXTERNAL;
INSERT INTO ${schema}.done_expiry (bucket, ids)
  SELECT bucket, array_agg(id) FROM (
    SELECT bucket, id, (row_number() OVER (PARTITION BY bucket ORDER BY id) - 1) / 500 AS part FROM ${schema}.done
  ) job GROUP BY bucket, part;
CREATE INDEX done_expiry_bucket ON ${schema}.done_expiry (bucket);
ALTER TABLE ${schema}.done DROP COLUMN bucket;`;
}

/** No JSON text holds this character. */
const separator = "chr(31)";

/** What few jobs have, and what it looks like when a job has none of it. */
const seldom = ["crashes", "run_at", "backoff_ms", "checkpoint", "policy", "attempts", "tags"];
const nothingSeldom = `l.crashes = 0 AND l.run_at = l.created_at AND l.backoff_ms = 0 AND l.checkpoint IS NULL
      AND l.policy IS NULL AND l.attempts IS NULL AND l.tags IS NULL`;

/** A job as one text: fewer columns to make and to read. A name may hold the separator, so its length is told. */
function jobText(): string {
  const often = ["id", "run", "priority", "seq", "version", "attempt", "created_at"];
  const own = (fields: readonly string[]) => fields.map((field) => `l.${field}`);
  return `concat_ws(${separator}, ${own(often).join(", ")}, length(l.name), l.payload,
    CASE WHEN ${nothingSeldom} THEN '' ELSE concat(${own(seldom).join(`, ${separator}, `)}) END, l.name, l.queue)`;
}

/**
 * Takes jobs and gives each as one text. Parameters: owner, limit, queues, limit of each, floors (ten for each queue, by
 * priority), handlers with their versions, now, the claim's number.
 *
 * Index walked: live_ready of every child of the ring, from each lane's floor, and no further than the jobs taken; then
 * their primary keys. Rows locked: those taken; locked ones are skipped, so it never waits. Race: a row another claim took
 * meanwhile is locked or no longer free; the lock and the look are one step, and the lock holds until the UPDATE, which
 * needs no second look. A worker marked dead and a queue paused before it began yield nothing. Cost: forty index probes per
 * queue and one HOT update per job: no index is written, because the owner is in none. Keys are looked at only when a job
 * taken gives its own up.
 *
 * The queues and lanes are nested, not joined: each is opened only while jobs are still wanted.
 */
function claimJobs(schema: string): string {
  return `
${refuseOldClaims(schema)}
CREATE FUNCTION ${schema}.claim_texts(bigint, integer, text[], integer[], bigint[], jsonb, bigint, bigint)
RETURNS SETOF text LANGUAGE plpgsql ROWS 100 ${indexesOnly} AS $$
DECLARE
  taken bigint[];
  keyed boolean;
BEGIN
  WITH asked AS MATERIALIZED (
    SELECT a.queue, a.wanted, a.position
    FROM unnest($3, $4) WITH ORDINALITY AS a(queue, wanted, position)
    WHERE EXISTS (SELECT FROM ${schema}.worker WHERE id = $1 AND NOT dead)
      AND NOT EXISTS (
        SELECT FROM ${schema}.queue q WHERE q.name = a.queue AND (q.paused OR q.closed_until > $7))
  )
  SELECT array_agg(picked.id), bool_or(picked.unique_while = 'waiting') INTO taken, keyed
  FROM (
    SELECT lane.*
    FROM asked CROSS JOIN LATERAL (
      SELECT ready.*
      FROM generate_series(0, 9) AS p(priority) CROSS JOIN LATERAL (
        SELECT l.id, l.unique_while FROM ${schema}.live l
        WHERE l.queue = asked.queue AND l.priority = p.priority::smallint AND l.owner IS NULL
          AND l.seq >= ($5)[(asked.position - 1) * 10 + p.priority + 1]
          AND l.version <= ($6 ->> l.name)::integer
        ORDER BY l.seq LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
      ) ready
      LIMIT asked.wanted
    ) lane
    LIMIT $2
  ) picked;
  IF taken IS NULL THEN
    RETURN;
  END IF;
  IF keyed THEN
    ${freeKeys(schema, "live", "= ANY (taken)", "job.unique_while = 'waiting'")};
  END IF;
  RETURN QUERY
  UPDATE ${schema}.live l SET owner = $1, run = run + 1, attempt = attempt + 1, started = crashes = 0,
    claimed_at = $7, claim = $8
  WHERE l.id = ANY (taken)
  RETURNING ${jobText()};
END $$;`;
}

/** A worker of older code could not read what it claims: it hears that the schema has moved on, and takes nothing. */
function refuseOldClaims(schema: string): string {
  return `DROP FUNCTION ${schema}.claim_jobs(bigint, integer, text[], integer[], bigint[], jsonb, bigint, bigint);
CREATE FUNCTION ${schema}.claim_jobs(bigint, integer, text[], integer[], bigint[], jsonb, bigint, bigint)
RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RAISE 'claim_jobs is replaced by claim_texts' USING ERRCODE = 'undefined_table';
END $$;`;
}

/**
 * Two functions that finish jobs which succeeded on their first try. They give NULL when all were found under their leases,
 * else the ids of those that were, in one text. The parameters of complete_jobs: ids, owners, runs, when each began and
 * ended, results. Those of complete_span, for one worker's jobs with ids that leave few gaps: the lowest id, how many jobs,
 * owner, run, a moment, and at each id's distance from the lowest when it began (negative in a gap) and ended after that
 * moment and its result. That needs no ids and no join.
 *
 * Index walked: the primary key of live's children, once through for the whole batch. Rows locked: those finished. Race: a
 * rescue or another settlement of the same lease; whoever comes second finds the fence closed. Cost: one row marked
 * deleted, one row and one index entry written per job, and one row of done_expiry: while no queue has a retention of its
 * own, all stay until the last of them expires, which spares a look for each; else for each day they expire on. Keys are looked at only when a finished job had one.
 */
function completeJobs(schema: string): string {
  return `
DROP FUNCTION ${schema}.complete_jobs(bigint[], bigint[], integer[], bigint[], bigint[], json[]);
${completions(schema, jobColumns)}`;
}

/** Both functions for jobs of these columns, as a later step has more of them. */
export function completions(schema: string, columns: readonly string[]): string {
  const at = (list: string) => `(${list})[l.id - $1 + 1]`;
  const span = "BETWEEN $1 AND $1 + cardinality($6) - 1";
  const near = finish(schema, {
    using: "",
    count: "$2",
    fence: `l.id ${span} AND l.owner = $3 AND l.run = $4 AND ${at("$6")} >= 0`,
    began: `$5 + ${at("$6")} AS began_at`,
    finished: `$5 + ${at("$7")} AS finished_at`,
    result: `coalesce(${at("$8")}, l.result) AS result`,
    columns,
  });
  const apart = finish(schema, {
    using:
      "USING unnest($1, $2, $3, $4, $5, $6) AS i(id, owner, run, began_at, finished_at, result)",
    count: "cardinality($1)",
    fence: "l.id = ANY ($1) AND l.id = i.id AND l.owner = i.owner AND l.run = i.run",
    began: "i.began_at",
    finished: "i.finished_at",
    result: "coalesce(i.result, l.result) AS result",
    columns,
  });
  return `${completing(schema, "complete_jobs(bigint[], bigint[], integer[], bigint[], bigint[], json[])", apart, "= ANY ($1)")}
${completing(schema, "complete_span(bigint, integer, bigint, integer, bigint, integer[], integer[], json[])", near, span)}`;
}

function completing(schema: string, signature: string, statement: string, ids: string): string {
  return `CREATE FUNCTION ${schema}.${signature} RETURNS text
LANGUAGE plpgsql ${indexesOnly} SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
  some text;
  keyed boolean;
BEGIN
  ${statement};
  IF keyed THEN
    ${freeKeys(schema, "done", ids, "job.unique_while <> 'ever'")};
  END IF;
  RETURN some;
END $$;`;
}

/** Where a finishing statement has from what its caller brings for each job. */
interface Brought {
  readonly using: string;
  readonly count: string;
  readonly fence: string;
  readonly began: string;
  readonly finished: string;
  readonly result: string;
  readonly columns: readonly string[];
}

function finish(schema: string, brought: Brought): string {
  const { using, count, fence, began, finished, result, columns } = brought;
  // What is looked at again comes first: the server unpacks a row from its front.
  const first = ["id", "queue", "unique_while"];
  const rest = columns.filter((column) => column !== "result" && !first.includes(column));
  const own = (some: readonly string[]) => some.map((column) => `l.${column}`).join(", ");
  const stored = [...columns, "owner", "claimed_at", "began_at", "finished_at"];
  const kept = "(SELECT kept.ms FROM kept WHERE kept.name = job.queue)";
  const day = (at: string, ms: string | number) =>
    `((${at} + ${ms}) / 86400000)::integer AS bucket`;
  const jobs = "array_agg(job.id) AS ids, bool_or(job.unique_while <> 'ever') AS keyed";
  return `WITH completed AS (
    DELETE FROM ${schema}.live l ${using}
    WHERE ${fence}
    RETURNING ${own(first)}, ${finished}, ${own(rest)}, ${result}, l.owner, l.claimed_at, ${began}
  ), stored AS (
    INSERT INTO ${schema}.done (${stored.join(", ")})
    SELECT ${stored.map((column) => `job.${column}`).join(", ")} FROM completed job
  ), kept AS MATERIALIZED (
    SELECT name, keep_completed_ms AS ms FROM ${schema}.queue WHERE keep_completed_ms IS NOT NULL
  ), day AS MATERIALIZED (
    SELECT ${day("max(job.finished_at)", sevenDaysMs)}, ${jobs}
    FROM completed job WHERE NOT EXISTS (SELECT FROM kept) HAVING count(*) > 0
    UNION ALL
    SELECT ${day("job.finished_at", `coalesce(${kept}, ${sevenDaysMs})`)}, ${jobs}
    FROM completed job WHERE EXISTS (SELECT FROM kept) GROUP BY 1
  ), expiry AS (
    INSERT INTO ${schema}.done_expiry (bucket, ids) SELECT bucket, ids FROM day
  )
  SELECT CASE WHEN coalesce(sum(cardinality(day.ids)), 0) < ${count}
      THEN (SELECT coalesce(string_agg(array_to_string(day.ids, ','), ','), '') FROM day) END, bool_or(day.keyed)
    INTO some, keyed FROM day`;
}

/** The statement that frees the unique keys of jobs of a table where `condition` holds; locked ones are somebody else's by now. */
function freeKeys(schema: string, table: string, ids: string, condition: string): string {
  return `DELETE FROM ${schema}.uniq WHERE ctid = ANY (ARRAY(
      SELECT held.ctid FROM ${schema}.${table} job CROSS JOIN LATERAL (
        SELECT u.ctid FROM ${schema}.uniq u
        WHERE u.name = job.name AND u.key = job.unique_key AND u.holder = job.id
        FOR UPDATE SKIP LOCKED
      ) held
      WHERE job.id ${ids} AND job.unique_key IS NOT NULL AND ${condition}))`;
}
