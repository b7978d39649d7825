import { columns } from "./0007-admit-functions.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** As often as a job, or a key's holder, may change under our eyes before that is an error. */
const tries = 10;

/** What the keys of a request decide: whether it makes a job, and which one it is given if not. */
export function enqueueKeyFunctions(schema: string): string {
  return [
    recallRequest(schema),
    replaceWaiting(schema, columns, rewritten),
    meetHolder(schema),
    takeKey(schema),
  ].join("\n");
}

/**
 * The job an idempotency key has given before; NULL when the key was free, and now is the candidate's. The rule is that of
 * core/recall.ts.
 *
 * Index walked: the primary key, then those of the job tables. Rows locked: a new key, or one taken over. Race: an uncommitted
 * insert of the same key is waited for; a known key is not locked, so that no settlement waits for an enqueue; of two that take a
 * key over the second finds another job under it, and looks again.
 */
function recallRequest(schema: string): string {
  return `CREATE FUNCTION ${schema}.recall_request(asked ${schema}.request, candidate bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET lock_timeout = '5s' AS $$
DECLARE
  known record;
BEGIN
  FOR look IN 1..${tries} LOOP
    INSERT INTO ${schema}.idempotency (name, key, job, kept_ms)
      VALUES (asked.name, asked.request_key, candidate, asked.kept_ms) ON CONFLICT (name, key) DO NOTHING;
    IF FOUND THEN
      RETURN NULL;
    END IF;
    SELECT k.job, coalesce(k.until, j.finished_ms + k.kept_ms) AS until, j.state INTO known
      FROM ${schema}.idempotency k
      LEFT JOIN LATERAL (SELECT jobs.state, jobs.finished_ms FROM ${schema}.jobs WHERE jobs.id = k.job OFFSET 0) j ON true
      WHERE k.name = asked.name AND k.key = asked.request_key;
    CONTINUE WHEN NOT FOUND;
    IF known.state NOT IN ('completed', 'cancelled', 'discarded') OR known.until > asked.created_at THEN
      RETURN known.job;
    END IF;
    UPDATE ${schema}.idempotency k SET job = candidate, kept_ms = asked.kept_ms, until = NULL
      WHERE k.name = asked.name AND k.key = asked.request_key AND k.job = known.job;
    IF FOUND THEN
      RETURN NULL;
    END IF;
  END LOOP;
  PERFORM ${schema}.refuse('UNIQUE_BUSY',
    format('The idempotency key %s keeps changing hands. Try again.', to_json(asked.request_key)));
END $$;`;
}

/** What a job is written over with. */
export const rewritten: readonly string[] = [
  "run_at",
  "version",
  "priority",
  "queue",
  "payload",
  "policy",
  "tags",
  "gates",
];

const waiting = "id, created_at, backoff_ms, run, attempt, crashes, name, unique_key, unique_while";
const kept = `${waiting}, checkpoint, progress, result, attempts`;

/**
 * Rewrites a job that has not started with what another would have been; its id stays, and permits of the gates it had go. Says
 * "replaced", "started" or "gone". The row may be moving between tables meanwhile, so the write is repeated until it has touched
 * the job or one consistent read says that it cannot.
 *
 * Index walked: each table's primary key, then keylock_job. Rows locked: the job, and only then its permits.
 */
export function replaceWaiting(schema: string, stored: string, anew: readonly string[]): string {
  const values = stored
    .split(", ")
    .map((column) => `${anew.includes(column) ? "asked" : "job"}.${column}`)
    .join(", ");
  const seq = `nextval('${schema}.job_seq')`;
  const due = "asked.run_at <= asked.created_at";
  return `CREATE FUNCTION ${schema}.replace_waiting(job_id bigint, asked ${schema}.request) RETURNS text
LANGUAGE plpgsql VOLATILE SET lock_timeout = '5s' AS $$
DECLARE
  rewritten bigint;
  now_is text;
BEGIN
  FOR look IN 1..${tries} LOOP
    WITH due AS (
      DELETE FROM ${schema}.live l WHERE l.id = job_id AND l.owner IS NULL RETURNING ${kept}
    ), later AS (
      DELETE FROM ${schema}.later l WHERE l.id = job_id RETURNING ${kept}
    ), barred AS (
      DELETE FROM ${schema}.blocked b WHERE b.id = job_id RETURNING ${kept}
    ), job AS MATERIALIZED (
      SELECT * FROM due UNION ALL SELECT * FROM later UNION ALL SELECT * FROM barred
    ), freed AS (
      DELETE FROM ${schema}.keylock k USING job WHERE k.job = job.id
    ), to_live AS (
      INSERT INTO ${schema}.live (${stored}, seq) SELECT ${values}, ${seq} FROM job WHERE ${due} AND asked.gates IS NULL
    ), to_blocked AS (
      INSERT INTO ${schema}.blocked (${stored}, seq, gate) SELECT ${values}, ${seq}, asked.gates -> 0 ->> 'gate'
      FROM job WHERE ${due} AND asked.gates IS NOT NULL
    ), to_later AS (
      INSERT INTO ${schema}.later (${stored}, retrying) SELECT ${values}, false FROM job WHERE NOT (${due})
    )
    SELECT count(*) INTO rewritten FROM job;
    IF rewritten > 0 THEN
      RETURN 'replaced';
    END IF;
    SELECT jobs.state INTO now_is FROM ${schema}.jobs WHERE jobs.id = job_id;
    IF NOT FOUND OR now_is IN ('completed', 'cancelled', 'discarded') THEN
      RETURN 'gone';
    ELSIF now_is = 'running' THEN
      RETURN 'started';
    END IF;
  END LOOP;
  PERFORM ${schema}.refuse('UNIQUE_BUSY', format('Job %s kept moving while it was to be replaced. Try again.', job_id));
END $$;`;
}

/** What a request for a key gets from its holder; NULL when the holder let go meanwhile. */
function meetHolder(schema: string): string {
  return `CREATE FUNCTION ${schema}.meet_holder(asked ${schema}.request, of_holder bigint) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  answer text;
BEGIN
  IF asked.on_conflict = 'skip' THEN
    RETURN 'existing';
  ELSIF asked.on_conflict = 'error' THEN
    PERFORM ${schema}.refuse('UNIQUE_CONFLICT', format(
      'The unique key %s of %s is held by job %s. Wait for that job, cancel it, or use another key.',
      to_json(asked.unique_key), to_json(asked.name), of_holder), json_build_object('holder', of_holder::text)::text);
  END IF;
  answer := ${schema}.replace_waiting(of_holder, asked);
  IF answer = 'started' THEN
    -- A start frees the key it was waiting with, so one that is still held was taken under another rule.
    PERFORM FROM ${schema}.uniq u
      WHERE u.name = asked.name AND u.key = asked.unique_key AND u.holder = of_holder;
    answer := CASE WHEN FOUND THEN 'existing' END;
  END IF;
  RETURN nullif(answer, 'gone');
END $$;`;
}

/**
 * Takes a unique key for the candidate, or meets its holder: gives the job that has the key afterwards, and the outcome.
 *
 * Index walked: uniq's primary key. Rows locked: a new key, or one whose time is up. Race: an uncommitted insert of the same key
 * is waited for; the holder is read in a statement of its own, and may let go before it is: then we begin anew.
 */
function takeKey(schema: string): string {
  return `CREATE FUNCTION ${schema}.take_key(asked ${schema}.request, candidate bigint, OUT holder bigint, OUT outcome text)
LANGUAGE plpgsql VOLATILE SET lock_timeout = '5s' AS $$
DECLARE
  expired boolean;
BEGIN
  FOR look IN 1..${tries} LOOP
    holder := candidate;
    outcome := 'enqueued';
    INSERT INTO ${schema}.uniq (name, key, holder, until) VALUES (asked.name, asked.unique_key, candidate, asked.until)
      ON CONFLICT (name, key) DO NOTHING;
    IF FOUND THEN
      RETURN;
    END IF;
    SELECT u.holder, coalesce(u.until <= asked.created_at, false) INTO holder, expired
      FROM ${schema}.uniq u WHERE u.name = asked.name AND u.key = asked.unique_key;
    outcome := NULL;
    CONTINUE WHEN holder IS NULL;
    IF expired THEN
      holder := candidate;
      outcome := 'enqueued';
      UPDATE ${schema}.uniq u SET holder = candidate, until = asked.until
        WHERE u.name = asked.name AND u.key = asked.unique_key AND u.until <= asked.created_at;
      IF FOUND THEN
        RETURN;
      END IF;
      outcome := NULL;
      CONTINUE;
    END IF;
    outcome := ${schema}.meet_holder(asked, holder);
    EXIT WHEN outcome IS NOT NULL;
  END LOOP;
  IF outcome IS NULL THEN
    PERFORM ${schema}.refuse('UNIQUE_BUSY',
      format('The unique key %s keeps changing hands. Try again.', to_json(asked.unique_key)));
  END IF;
END $$;`;
}
