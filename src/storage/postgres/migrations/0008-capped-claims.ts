import { claiming, freeWaitingKeys, indexesOnly, jobText, seldom } from "./0007-claim-functions.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** What else closes a queue to claims that do not count. */
export const closed = " OR q.max_running IS NOT NULL";

/**
 * Claims of queues that have a `max_running`. The other claims leave these alone, those of workers of older code too. `capped` has a
 * row for each of their claims, which counts while its job runs under it. Rows are only added, with rising numbers, and removed, so
 * that whoever has seen which the oldest is that counts need not look at what was before.
 */
export function cappedClaims(schema: string): string {
  const texts = { name: "claim_texts", only: "AND l.gates IS NULL", seldom, closed };
  const lines = { name: "claim_lines", only: "", seldom: [...seldom, "gates"], closed };
  return [
    cappedTable(schema),
    ...[texts, lines].map((each) =>
      claiming(schema, each).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    ),
    adoptRunning(schema),
    countCapped(schema),
    claimCapped(schema),
  ].join("\n");
}

function cappedTable(schema: string): string {
  return `
CREATE TABLE ${schema}.capped (
  queue text NOT NULL,
  seq bigint NOT NULL,
  job bigint NOT NULL,
  run integer NOT NULL,
  PRIMARY KEY (queue, seq)
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02);`;
}

/** Longer than a claim that began before `max_running` was set, and did not see it, takes to commit. */
const adoptingMs = 10_000;

/** What runs under a claim. */
const running = "l.id = c.job AND l.run = c.run AND l.owner IS NOT NULL";

/**
 * Counts what already ran, claimed before `max_running` was set. Called under the queue's lock, by each claim of the first ten seconds.
 * Index walked: live_ready, through the whole queue. Rows locked: none.
 */
function adoptRunning(schema: string): string {
  return `CREATE FUNCTION ${schema}.adopt_running(of_queue text) RETURNS void LANGUAGE plpgsql ${indexesOnly} AS $$
BEGIN
  INSERT INTO ${schema}.capped (queue, seq, job, run)
  SELECT of_queue, nextval('${schema}.job_seq'), l.id, l.run FROM ${schema}.live l
  WHERE l.queue = of_queue AND l.owner IS NOT NULL
    AND NOT EXISTS (SELECT FROM ${schema}.capped c WHERE c.queue = of_queue AND ${running});
END $$;`;
}

/**
 * How many jobs of a queue run, in all and of one worker, and the oldest row worth looking at next time. Rows of jobs that do not
 * run any more are removed. Called under the queue's lock.
 *
 * Index walked: capped's key from the oldest row that may count, then the primary keys of live's children, once per row: as many
 * as run, and have ended since the last claim. Race: none that matters. A job of the queue begins to run only under this lock; one
 * the ring moves from child to child is in the snapshot once; one that ends after the snapshot is counted once too often.
 */
function countCapped(schema: string): string {
  return `CREATE FUNCTION ${schema}.count_capped(of_queue text, of_owner bigint, first bigint,
  OUT held integer, OUT own integer, OUT oldest bigint)
LANGUAGE plpgsql ${indexesOnly} SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  stale boolean;
BEGIN
  SELECT count(l.id), count(l.id) FILTER (WHERE l.owner = of_owner),
      coalesce(min(c.seq) FILTER (WHERE l.id IS NOT NULL), max(c.seq) + 1, first), coalesce(bool_or(l.id IS NULL), false)
    INTO held, own, oldest, stale
    FROM ${schema}.capped c LEFT JOIN ${schema}.live l ON ${running}
    WHERE c.queue = of_queue AND c.seq >= first;
  IF stale THEN
    DELETE FROM ${schema}.capped c WHERE c.queue = of_queue AND c.seq >= first
      AND NOT EXISTS (SELECT FROM ${schema}.live l WHERE ${running});
  END IF;
END $$;`;
}

/**
 * Takes jobs of one queue that has a max_running, and gives each as one text, after a first one: how many more may run, how many
 * of this worker run, and the oldest row to look at next time; `busy` when somebody else is at it, `strict` where the transaction
 * is not READ COMMITTED, whose one snapshot would be older than the lock. Parameters: owner, queue, the most to take, the most this worker may run,
 * floors by priority, handlers with their versions, now, the claim's number, the oldest row to look at.
 *
 * Locks: the queue's, only tried; it ends with the transaction, after its commit can be seen, so it holds behind a pooler too.
 * Each statement here sees what was committed when it begins: what is counted under the lock is what the claim before has left.
 * Index walked: as the other claims do, of one queue. Rows locked: those taken; locked ones are skipped. Cost: one row written more per job.
 */
function claimCapped(schema: string): string {
  return `CREATE FUNCTION ${schema}.claim_capped(bigint, text, integer, integer, bigint[], jsonb, bigint, bigint, bigint)
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
  SELECT q.max_running AS most, q.paused OR q.closed_until > $7 AS closed,
      q.capped_since > extract(epoch FROM clock_timestamp()) * 1000 - ${adoptingMs} AS fresh
    INTO cap FROM ${schema}.queue q WHERE q.name = $2;
  IF cap.most IS NULL THEN
    RETURN NEXT '0,0,0';
    RETURN;
  END IF;
  IF cap.fresh THEN
    PERFORM ${schema}.adopt_running($2);
  END IF;
  SELECT * INTO counted FROM ${schema}.count_capped($2, $1, $9);
  wanted := least($3, cap.most - counted.held, $4 - counted.own);
  IF wanted > 0 AND NOT cap.closed AND EXISTS (SELECT FROM ${schema}.worker WHERE id = $1 AND NOT dead) THEN
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
  ${takePicked(schema)};
END $$;`;
}

function takePicked(schema: string): string {
  return `WITH job AS (
    UPDATE ${schema}.live l SET owner = $1, run = run + 1, attempt = attempt + 1, started = crashes = 0,
      claimed_at = $7, claim = $8
    WHERE l.id = ANY (taken)
    RETURNING l.id, l.run, ${jobText([...seldom, "gates"])} AS line
  ), noted AS (
    INSERT INTO ${schema}.capped (queue, seq, job, run) SELECT $2, nextval('${schema}.job_seq'), job.id, job.run FROM job
  )
  SELECT job.line FROM job`;
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
      LIMIT wanted
    ) picked;`;
}
