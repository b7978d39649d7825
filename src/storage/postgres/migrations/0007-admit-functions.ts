import { admitting } from "./0007-gate-functions.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.
const columns = [
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
  "gates",
].join(", ");

/** The most jobs one call lets in, and the most it looks at in one line: a call is a short transaction. */
const mostLetIn = 100;
const mostLooks = 200;

const answer =
  "OUT jobs integer, OUT more boolean, OUT filled text[], OUT next_at bigint, OUT undeclared text[]";

/** Letting jobs in through their gates, and taking back those that cannot run. */
export function admitFunctions(schema: string): string {
  return [
    letIn(schema),
    admitAt(schema),
    admit(schema),
    park(schema),
    unrunnable(schema),
    waitingGates(schema),
    admitWaiting(schema),
  ].join("\n");
}

/**
 * Moves one blocked job, whose row is locked, into `live`, and writes its permits. A permit left over from an earlier stay is
 * written over; only who holds the gate's lock removes or writes permits of a job that is not being replaced.
 */
function letIn(schema: string): string {
  return `CREATE FUNCTION ${schema}.let_in(job_id bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  of_gates json;
BEGIN
  WITH job AS (DELETE FROM ${schema}.blocked WHERE id = job_id RETURNING ${columns})
  INSERT INTO ${schema}.live (${columns}, seq) SELECT ${columns}, nextval('${schema}.job_seq') FROM job
    RETURNING gates INTO of_gates;
  INSERT INTO ${schema}.keylock (key, job, weight)
    SELECT g.gate, job_id, g.weight FROM json_to_recordset(of_gates) AS g(gate text, weight integer)
    ON CONFLICT (key, job) DO UPDATE SET weight = excluded.weight;
END $$;`;
}

/**
 * Lets the oldest jobs of one gate's line in, under its lock. A job that finds no room at another of its gates moves to that
 * gate's line, keeping its place by `seq`, so it never hides those behind it; one that finds none here ends the look.
 *
 * Index walked: blocked_line, to the head of each part of the line that can run. Rows locked: those heads; locked ones are
 * being cancelled, replaced or let in elsewhere, and are skipped. Race: a row that changed its line meanwhile is looked at again
 * once it is locked, and no longer found. A queue paused after the look keeps a job that was let in from being claimed,
 * and the pause or the pass takes it back.
 */
function admitAt(schema: string): string {
  return `CREATE FUNCTION ${schema}.admit_at(at_gate text, at_ms bigint, most integer, ${answer})
LANGUAGE plpgsql AS $$
DECLARE
  here record;
  lines record;
  job record;
  other record;
  rates record;
BEGIN
  SELECT 0, false, '{}'::text[], '{}'::text[] INTO jobs, more, filled, undeclared;
  SELECT * INTO here FROM ${schema}.gate_room(at_gate);
  IF here.held >= here.most THEN
    RETURN;
  END IF;
  SELECT array_agg(l.of_queue) AS queues, array_agg(l.of_name) AS names, array_agg(l.of_version) AS versions
    INTO lines FROM ${schema}.runnable_lines(at_gate, at_ms) l;
  IF lines.queues IS NULL THEN
    RETURN;
  END IF;
  IF NOT here.known THEN
    undeclared := ARRAY[split_part(at_gate, ':', 2)];
    RETURN;
  END IF;
  ${admitLoop(schema)}
  more := true;
END $$;`;
}

function admitLoop(schema: string): string {
  return `FOR look IN 1..${mostLooks} LOOP
    EXIT WHEN jobs >= most;
    SELECT head.*, (SELECT g.weight FROM json_to_recordset(head.gates) AS g(gate text, weight integer)
        WHERE g.gate = at_gate) AS weight
      INTO job
      FROM unnest(lines.queues, lines.names, lines.versions) AS line(queue, name, version) CROSS JOIN LATERAL (
        SELECT b.id, b.seq, b.queue, b.gates FROM ${schema}.blocked b
        WHERE b.gate = at_gate AND b.queue = line.queue AND b.name = line.name AND b.version = line.version
        ORDER BY b.seq LIMIT 1 FOR UPDATE SKIP LOCKED
      ) head
      ORDER BY head.seq LIMIT 1;
    IF NOT FOUND OR here.held + least(job.weight, here.most) > here.most THEN
      RETURN;
    END IF;
    SELECT * INTO other FROM ${schema}.other_gates(job.gates, at_gate);
    IF other.stuck IS NULL AND NOT other.busy THEN
      SELECT r.busy, r.stuck, true AS known, r.next_at INTO rates FROM ${schema}.take_rates(job.gates, at_ms) r;
      next_at := least(next_at, rates.next_at);
      other.busy := rates.busy;
      other.stuck := rates.stuck;
      other.known := true;
    END IF;
    IF other.busy THEN
      more := true;
      RETURN;
    ELSIF other.stuck = at_gate THEN
      RETURN;
    ELSIF other.stuck IS NOT NULL THEN
      UPDATE ${schema}.blocked SET gate = other.stuck WHERE id = job.id;
      IF NOT other.known THEN
        undeclared := undeclared || split_part(other.stuck, ':', 2);
      END IF;
    ELSE
      PERFORM ${schema}.let_in(job.id);
      jobs := jobs + 1;
      here.held := here.held + least(job.weight, here.most);
      filled := CASE WHEN job.queue = ANY (filled) THEN filled ELSE filled || job.queue END;
    END IF;
  END LOOP;`;
}

/**
 * Lets the oldest jobs of some gates in. All NULL where the transaction is not READ COMMITTED: its one snapshot would be older than
 * the locks, and what is counted in it may be out of date. The locks end with the transaction, after its commit can be seen,
 * so they hold behind a pooler too.
 *
 * Locks: each gate, only tried. One somebody else is at is left to them, and `more` says that whoever has just committed a
 * job there had better ask again: the other's last look may have been before.
 */
function admit(schema: string): string {
  return `CREATE FUNCTION ${schema}.admit(at_gates text[], at_ms bigint, ${answer}) ${admitting} AS $$
DECLARE
  at_gate text;
  here record;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RETURN;
  END IF;
  SELECT 0, false, '{}'::text[], '{}'::text[] INTO jobs, more, filled, undeclared;
  FOREACH at_gate IN ARRAY at_gates LOOP
    IF jobs >= ${mostLetIn} OR NOT pg_try_advisory_xact_lock(${schema}.gate_lock(at_gate)) THEN
      more := true;
      CONTINUE;
    END IF;
    SELECT * INTO here FROM ${schema}.admit_at(at_gate, at_ms, ${mostLetIn} - jobs);
    jobs := jobs + here.jobs;
    more := more OR here.more;
    filled := filled || here.filled;
    next_at := least(next_at, here.next_at);
    undeclared := undeclared || here.undeclared;
  END LOOP;
END $$;`;
}

/**
 * Takes available jobs that were let in back to the front of their lines, in the order they had, and gives the gates that are
 * free of them. They leave `live`, and so their permits no longer count.
 *
 * Rows locked: those jobs; one that is locked is being claimed or moved, and stays. Race: once a row is locked and still free, no
 * claim can take it.
 */
function park(schema: string): string {
  return `CREATE FUNCTION ${schema}.park(ids bigint[]) RETURNS text[] ${admitting} AS $$
DECLARE
  freed text[];
BEGIN
  WITH picked AS MATERIALIZED (
    SELECT l.id FROM ${schema}.live l WHERE l.id = ANY (ids) AND l.owner IS NULL AND l.gates IS NOT NULL
    FOR UPDATE SKIP LOCKED
  ), job AS (
    DELETE FROM ${schema}.live WHERE id = ANY (ARRAY(SELECT picked.id FROM picked)) RETURNING ${columns}, seq
  ), moved AS (
    INSERT INTO ${schema}.blocked (${columns}, gate, seq)
    SELECT ${columns}, gates -> 0 ->> 'gate', seq - 9007199254740991 FROM job
  )
  SELECT array_agg(DISTINCT g.gate) INTO freed
    FROM job CROSS JOIN json_to_recordset(job.gates) AS g(gate text, weight integer);
  RETURN coalesce(freed, '{}');
END $$;`;
}

/**
 * Of the next permits after one, the available jobs that no worker can run now; NULL as the last permit when there are no more.
 * Index walked: keylock's key, from where it stopped, then live's keys. Rows locked: none; `park` looks again.
 */
function unrunnable(schema: string): string {
  return `CREATE FUNCTION ${schema}.unrunnable(after_key text, after_job bigint, most integer, at_ms bigint,
  OUT ids bigint[], OUT last_key text, OUT last_job bigint) LANGUAGE plpgsql AS $$
BEGIN
  WITH held AS MATERIALIZED (
    SELECT k.key, k.job FROM ${schema}.keylock k WHERE (k.key, k.job) > (after_key, after_job)
    ORDER BY k.key, k.job LIMIT most
  ), idle AS MATERIALIZED (
    SELECT DISTINCT l.id, l.queue, l.name, l.version FROM held JOIN ${schema}.live l ON l.id = held.job
    WHERE l.owner IS NULL
  ), kind AS MATERIALIZED (
    SELECT DISTINCT idle.queue, idle.name, idle.version FROM idle
  ), stuck AS MATERIALIZED (
    SELECT kind.* FROM kind
    WHERE coalesce(${schema}.understood(kind.queue, kind.name, at_ms), 0) < kind.version
  ), final AS (
    SELECT held.key, held.job FROM held ORDER BY held.key DESC, held.job DESC LIMIT 1
  )
  SELECT (SELECT array_agg(idle.id) FROM idle JOIN stuck USING (queue, name, version)), final.key, final.job
    INTO ids, last_key, last_job
    FROM (SELECT count(*) AS permits FROM held) counted LEFT JOIN final ON counted.permits = most;
END $$;`;
}

/**
 * The next gates after one at which somebody may be let in: all that have a line but the lanes that are held. NULL as the last
 * gate when there are no more. Index walked: blocked_line, one probe for each gate, then keylock's key. Rows locked: none;
 * `admit` looks again.
 */
function waitingGates(schema: string): string {
  return `CREATE FUNCTION ${schema}.waiting_gates(after_gate text, most integer, OUT gates text[], OUT last_gate text)
LANGUAGE plpgsql AS $$
DECLARE
  found_gate text;
BEGIN
  gates := '{}';
  last_gate := after_gate;
  FOR look IN 1..most * 5 LOOP
    EXIT WHEN cardinality(gates) >= most;
    SELECT b.gate INTO found_gate FROM ${schema}.blocked b WHERE b.gate > last_gate ORDER BY b.gate LIMIT 1;
    last_gate := found_gate;
    EXIT WHEN last_gate IS NULL;
    IF NOT starts_with(last_gate, 'lane:') OR NOT EXISTS (
      SELECT FROM ${schema}.keylock k JOIN ${schema}.live l ON l.id = k.job WHERE k.key = last_gate
    ) THEN
      gates := gates || last_gate;
    END IF;
  END LOOP;
END $$;`;
}

/** The pass: takes back who cannot run, then lets in who can, from where the last pass stopped. As `admit` otherwise. */
function admitWaiting(schema: string): string {
  return `CREATE FUNCTION ${schema}.admit_waiting(INOUT last_gate text, INOUT last_key text, INOUT last_job bigint, most integer,
  at_ms bigint, ${answer}, OUT waiting boolean) ${admitting} AS $$
DECLARE
  idle record;
  lines record;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RETURN;
  END IF;
  SELECT * INTO idle FROM ${schema}.unrunnable(last_key, last_job, most * 5, at_ms);
  last_key := coalesce(idle.last_key, '');
  last_job := coalesce(idle.last_job, 0);
  SELECT * INTO lines FROM ${schema}.waiting_gates(last_gate, most);
  last_gate := coalesce(lines.last_gate, '');
  IF idle.ids IS NOT NULL THEN
    lines.gates := ${schema}.park(idle.ids) || lines.gates;
  END IF;
  SELECT a.jobs, a.more, a.filled, a.next_at, a.undeclared INTO jobs, more, filled, next_at, undeclared
    FROM ${schema}.admit(lines.gates, at_ms) a;
  waiting := EXISTS (SELECT FROM ${schema}.blocked);
END $$;`;
}
