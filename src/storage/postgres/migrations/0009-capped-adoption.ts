import { freeWaitingKeys, indexesOnly, jobText, seldom } from "./0007-claim-functions.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/**
 * Counts what ran before `max_running` was set however late the first claim comes: `adopted_at` says when that was last done, by the
 * database's own clock. Older code, which does not take it back, is covered by the comparison with `capped_since`.
 */
export function cappedAdoption(schema: string): string {
  const told = [...seldom, "gates"];
  return [
    `ALTER TABLE ${schema}.queue ADD COLUMN adopted_at bigint;`,
    claimCapped(schema, "claim_capped", told).replace("CREATE", "CREATE OR REPLACE"),
    claimCapped(schema, "claim_traced_capped", [...told, "trace"]),
  ].join("\n");
}

/** Longer than a claim that began before `max_running` was set, and did not see it, takes to commit. */
const adoptingMs = 10_000;

/**
 * As `claim_capped` of the eighth step, where it is told what it takes and gives; `fields` is what few jobs have. What already ran is
 * adopted by each claim until one has done so ten seconds after `max_running` was set.
 *
 * Locks, besides those told there: the queue's row in that one claim, before rows of `capped` as whoever changes the queue does. A queue
 * that is paused or cools down, and a worker that is dead, by the time of the picking yield nothing.
 */
function claimCapped(schema: string, name: string, fields: readonly string[]): string {
  return `CREATE FUNCTION ${schema}.${name}(bigint, text, integer, integer, bigint[], jsonb, bigint, bigint, bigint)
RETURNS SETOF text LANGUAGE plpgsql ROWS 100 ${indexesOnly} AS $$
DECLARE
  cap record;
  counted record;
  wanted integer;
  taken bigint[];
  keyed boolean;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RETURN NEXT 'strict';
    RETURN;
  END IF;
  IF NOT pg_try_advisory_xact_lock(${schema}.gate_lock('queue:' || $2)) THEN
    RETURN NEXT 'busy';
    RETURN;
  END IF;
  SELECT q.max_running AS most, coalesce(q.capped_since, 0) + ${adoptingMs} AS settled_at, q.adopted_at,
      floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms
    INTO cap FROM ${schema}.queue q WHERE q.name = $2;
  IF cap.most IS NULL THEN
    RETURN NEXT '0,0,0';
    RETURN;
  END IF;
  IF coalesce(cap.adopted_at, 0) < cap.settled_at THEN
    IF cap.now_ms >= cap.settled_at THEN
      UPDATE ${schema}.queue SET adopted_at = cap.now_ms WHERE queue.name = $2;
    END IF;
    PERFORM ${schema}.adopt_running($2);
  END IF;
  SELECT * INTO counted FROM ${schema}.count_capped($2, $1, $9);
  wanted := least($3, cap.most - counted.held, $4 - counted.own);
  IF wanted > 0 THEN
    ${pick(schema)}
  END IF;
  wanted := coalesce(cardinality(taken), 0);
  RETURN NEXT concat_ws(',', greatest(cap.most - counted.held - wanted, 0), counted.own + wanted, counted.oldest);
  IF taken IS NULL THEN
    RETURN;
  END IF;
  IF keyed THEN
    ${freeWaitingKeys(schema)};
  END IF;
  RETURN QUERY
  ${takePicked(schema, fields)};
END $$;`;
}

/** The lanes are nested, not joined: each is opened only while jobs are still wanted. */
function pick(schema: string): string {
  return `SELECT array_agg(picked.id), bool_or(picked.unique_while = 'waiting') INTO taken, keyed
    FROM (
      SELECT ready.* FROM generate_series(0, 9) AS p(priority) CROSS JOIN LATERAL (
        SELECT l.id, l.unique_while FROM ${schema}.live l
        WHERE l.queue = $2 AND l.priority = p.priority::smallint AND l.owner IS NULL
          AND l.seq >= ($5)[p.priority + 1] AND l.version <= ($6 ->> l.name)::integer
        ORDER BY l.seq LIMIT wanted FOR NO KEY UPDATE SKIP LOCKED
      ) ready
      WHERE EXISTS (SELECT FROM ${schema}.worker WHERE id = $1 AND NOT dead)
        AND NOT EXISTS (SELECT FROM ${schema}.queue q WHERE q.name = $2 AND (q.paused OR q.closed_until > $7))
      LIMIT wanted
    ) picked;`;
}

function takePicked(schema: string, fields: readonly string[]): string {
  return `WITH job AS (
    UPDATE ${schema}.live l SET owner = $1, run = run + 1, attempt = attempt + 1, started = crashes = 0,
      claimed_at = $7, claim = $8
    WHERE l.id = ANY (taken)
    RETURNING l.id, l.run, ${jobText(fields)} AS line
  ), noted AS (
    INSERT INTO ${schema}.capped (queue, seq, job, run) SELECT $2, nextval('${schema}.job_seq'), job.id, job.run FROM job
  )
  SELECT job.line FROM job`;
}
