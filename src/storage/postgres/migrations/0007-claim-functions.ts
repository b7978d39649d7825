// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** As in the third step: no plan may depend on how full the ring was when it was made. */
export const indexesOnly = `SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
  SET enable_sort = off SET jit = off`;

/** No JSON text holds this character. */
const separator = "chr(31)";

/** What few jobs have. */
export const seldom = [
  "crashes",
  "run_at",
  "backoff_ms",
  "checkpoint",
  "policy",
  "attempts",
  "tags",
];

/** How a claim finds and writes a job as text. */
interface ClaimFunction {
  readonly name: string;
  /** What else closes a queue to it, as a later step has it. */
  readonly closed?: string;
  /** What else a job it takes must be. */
  readonly only: string;
  readonly seldom: readonly string[];
}

/**
 * Claims that tell of gates. Workers that run older code go on for as long as they run, with the jobs that have none.
 */
export function claimFunctions(schema: string): string {
  return [
    `DROP FUNCTION ${schema}.claim_texts(bigint, integer, text[], integer[], bigint[], jsonb, bigint, bigint);`,
    claiming(schema, { name: "claim_texts", only: "AND l.gates IS NULL", seldom }),
    claiming(schema, { name: "claim_lines", only: "", seldom: [...seldom, "gates"] }),
  ].join("\n");
}

/** A job as one text: fewer columns to make and to read. A name may hold the separator, so its length is told. */
export function jobText(fields: readonly string[]): string {
  const often = ["id", "run", "priority", "seq", "version", "attempt", "created_at"];
  const own = (names: readonly string[]) => names.map((name) => `l.${name}`);
  const nothing = fields.map((name) =>
    name === "crashes" || name === "backoff_ms"
      ? `l.${name} = 0`
      : name === "run_at"
        ? "l.run_at = l.created_at"
        : `l.${name} IS NULL`,
  );
  return `concat_ws(${separator}, ${own(often).join(", ")}, length(l.name), l.payload,
    CASE WHEN ${nothing.join(" AND ")} THEN '' ELSE concat(${own(fields).join(`, ${separator}, `)}) END, l.name, l.queue)`;
}

/**
 * Takes jobs and gives each as one text. Parameters: owner, limit, queues, limit of each, floors (ten for each queue, by
 * priority), handlers with their versions, now, the claim's number.
 *
 * Index walked: live_ready of every child of the ring, from each lane's floor, and no further than the jobs taken; then
 * their primary keys. Rows locked: those taken; locked ones are skipped, so it never waits. Race: a row another claim took
 * meanwhile is locked or no longer free, and so is one that is being parked; the lock and the look are one step, and the
 * lock holds until the UPDATE. A worker marked dead and a queue paused before it began yield nothing. Cost: forty index
 * probes per queue and one HOT update per job: no index is written, because the owner is in none. Gates are not looked at:
 * a job in `live` was let in.
 *
 * The queues and lanes are nested, not joined: each is opened only while jobs are still wanted.
 */
export function claiming(
  schema: string,
  { name, only, seldom: fields, closed = "" }: ClaimFunction,
): string {
  return `CREATE FUNCTION ${schema}.${name}(bigint, integer, text[], integer[], bigint[], jsonb, bigint, bigint)
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
        SELECT FROM ${schema}.queue q WHERE q.name = a.queue AND (q.paused OR q.closed_until > $7${closed}))
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
          AND l.version <= ($6 ->> l.name)::integer ${only}
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
    ${freeWaitingKeys(schema)};
  END IF;
  RETURN QUERY
  UPDATE ${schema}.live l SET owner = $1, run = run + 1, attempt = attempt + 1, started = crashes = 0,
    claimed_at = $7, claim = $8
  WHERE l.id = ANY (taken)
  RETURNING ${jobText(fields)};
END $$;`;
}

/** Frees the unique keys that jobs taken held while they waited; locked ones are somebody else's by now. */
export function freeWaitingKeys(schema: string): string {
  return `DELETE FROM ${schema}.uniq WHERE ctid = ANY (ARRAY(
      SELECT held.ctid FROM ${schema}.live job CROSS JOIN LATERAL (
        SELECT u.ctid FROM ${schema}.uniq u
        WHERE u.name = job.name AND u.key = job.unique_key AND u.holder = job.id
        FOR UPDATE SKIP LOCKED
      ) held
      WHERE job.id = ANY (taken) AND job.unique_key IS NOT NULL AND job.unique_while = 'waiting'))`;
}
