import { answer, columns } from "./0007-admit-functions.ts";
import { admitting } from "./0007-gate-functions.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** What makes up for admissions that were lost, and takes back jobs that cannot run. */
export function passFunctions(schema: string): string {
  return [
    staleGates(schema),
    tidy(schema),
    park(schema, columns),
    unrunnable(schema),
    waitingGates(schema),
    admitWaiting(schema),
  ].join("\n");
}

/** Gates that have permits of jobs that have left. Walks every permit once, and live by its keys. Rows locked: none. */
function staleGates(schema: string): string {
  return `CREATE FUNCTION ${schema}.stale_gates(most integer) RETURNS SETOF text ${admitting} AS $$
BEGIN
  RETURN QUERY SELECT DISTINCT k.key FROM ${schema}.keylock k
    WHERE NOT EXISTS (SELECT FROM ${schema}.live l WHERE l.id = k.job) LIMIT most;
END $$;`;
}

/**
 * Removes what is left at gates nobody came to again. Must run in a READ COMMITTED transaction: what it looks at is older than
 * the lock otherwise. Locks: each gate, only tried.
 */
function tidy(schema: string): string {
  return `CREATE FUNCTION ${schema}.tidy(at_gates text[], OUT removed integer) ${admitting} AS $$
DECLARE
  at_gate text;
BEGIN
  removed := 0;
  FOREACH at_gate IN ARRAY at_gates LOOP
    IF pg_try_advisory_xact_lock(${schema}.gate_lock(at_gate)) THEN
      removed := removed + ${schema}.tidy_gate(at_gate, NULL);
    END IF;
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
export function park(schema: string, moved: string): string {
  return `CREATE FUNCTION ${schema}.park(ids bigint[]) RETURNS text[] ${admitting} AS $$
DECLARE
  freed text[];
BEGIN
  WITH picked AS MATERIALIZED (
    SELECT l.id FROM ${schema}.live l WHERE l.id = ANY (ids) AND l.owner IS NULL AND l.gates IS NOT NULL
    FOR UPDATE SKIP LOCKED
  ), job AS (
    DELETE FROM ${schema}.live WHERE id = ANY (ARRAY(SELECT picked.id FROM picked)) RETURNING ${moved}, seq
  ), moved AS (
    INSERT INTO ${schema}.blocked (${moved}, gate, seq)
    SELECT ${moved}, gates -> 0 ->> 'gate', seq - 9007199254740991 FROM job
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
