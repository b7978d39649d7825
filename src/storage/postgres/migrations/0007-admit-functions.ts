import { admitting } from "./0007-gate-functions.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.
/** What a job has wherever it waits or runs. */
export const columns = [
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

/** What an admission says it did. */
export const answer =
  "OUT jobs integer, OUT more boolean, OUT filled text[], OUT next_at bigint, OUT undeclared text[]";

/** Letting jobs in through their gates. */
export function admitFunctions(schema: string): string {
  return [letIn(schema, columns), admitAt(schema), admit(schema)].join("\n");
}

/**
 * Moves one blocked job, whose row is locked, into `live`, and writes its permits. A permit left over from an earlier stay is
 * written over; only who holds the gate's lock removes or writes permits of a job that is not being replaced.
 */
export function letIn(schema: string, moved: string): string {
  return `CREATE FUNCTION ${schema}.let_in(job_id bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  of_gates json;
BEGIN
  WITH job AS (DELETE FROM ${schema}.blocked WHERE id = job_id RETURNING ${moved})
  INSERT INTO ${schema}.live (${moved}, seq) SELECT ${moved}, nextval('${schema}.job_seq') FROM job
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
