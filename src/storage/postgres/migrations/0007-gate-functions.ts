// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/**
 * Of the functions that are called from outside; the others run inside them. Plans are made once for each connection, without
 * knowing how full the tables are, so they must not depend on it. Nothing waits long for a lock: whoever calls can do without.
 */
export const admitting = `LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
  SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET lock_timeout = '5s'`;

/** Jobs let in by a rate end about as fast as others are let in: a few more than one call lets in are enough. */
const looksAtRates = 200;

/**
 * What one gate and one queue are asked by the functions that admit. They are volatile, so that each of their statements sees
 * what was committed when it begins: what is counted after a gate's lock was taken is what the one before has left.
 */
export function gateFunctions(schema: string): string {
  const bare = schema.replaceAll('"', "");
  return [
    `CREATE FUNCTION ${schema}.gate_lock(at_gate text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  'SELECT hashtextextended(''holdfast gate ${bare} '' || at_gate, 0)';`,
    tidyGate(schema),
    gateRoom(schema),
    understood(schema),
    runnableLines(schema),
    otherGates(schema),
    takeRates(schema),
  ].join("\n");
}

/**
 * Removes the permits of a gate whose jobs have left `live`, looking at so many of the oldest, or at all for NULL. Called
 * under the gate's lock, without which a job could come back while its permit is removed.
 *
 * Index walked: keylock's key, then the primary keys of live's children. Rows locked: permits removed; locked ones belong to a
 * job that is being replaced.
 */
function tidyGate(schema: string): string {
  return `CREATE FUNCTION ${schema}.tidy_gate(at_gate text, looks integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  removed integer;
BEGIN
  DELETE FROM ${schema}.keylock WHERE ctid = ANY (ARRAY(
    SELECT k.ctid FROM ${schema}.keylock k
    WHERE k.key = at_gate AND NOT EXISTS (SELECT FROM ${schema}.live l WHERE l.id = k.job)
      AND k.job = ANY (ARRAY(
        SELECT o.job FROM ${schema}.keylock o WHERE o.key = at_gate ORDER BY o.job LIMIT looks))
    FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END $$;`;
}

/**
 * How much of a gate may be held (NULL for any amount), and is. A permit counts only while its job is in `live`; others are
 * removed. Called under the gate's lock.
 *
 * Index walked: keylock's key, then the primary keys of live's children, once per permit: at most as many as the limit
 * allows. Permits of a gate that is only a rate are not counted; they are there should it become a limit. Race: none that
 * matters. A job comes into `live` only under the lock of each of its gates, so one that is not there stays away until we are
 * done; one the ring moves from child to child is in the snapshot once; one that ends after the snapshot is counted, and its
 * end is followed by an admission of its own.
 */
function gateRoom(schema: string): string {
  return `CREATE FUNCTION ${schema}.gate_room(at_gate text, OUT known boolean, OUT most integer, OUT held bigint)
LANGUAGE plpgsql AS $$
DECLARE
  stale boolean;
BEGIN
  known := starts_with(at_gate, 'lane:');
  IF known THEN
    most := 1;
  ELSE
    SELECT true, s.concurrent INTO known, most FROM ${schema}.scope s WHERE s.name = split_part(at_gate, ':', 2);
    known := coalesce(known, false);
  END IF;
  IF most IS NULL THEN
    held := 0;
    PERFORM ${schema}.tidy_gate(at_gate, ${looksAtRates});
    RETURN;
  END IF;
  SELECT coalesce(sum(least(k.weight, most)) FILTER (WHERE l.id IS NOT NULL), 0), coalesce(bool_or(l.id IS NULL), false)
    INTO held, stale
    FROM ${schema}.keylock k LEFT JOIN ${schema}.live l ON l.id = k.job WHERE k.key = at_gate;
  IF stale THEN
    PERFORM ${schema}.tidy_gate(at_gate, NULL);
  END IF;
END $$;`;
}

/**
 * The newest payload version of a name that a live worker of a queue understands; NULL when the queue is paused or cooling,
 * or when none serves it with a handler of that name. Walks the registrations, which are few.
 */
function understood(schema: string): string {
  return `CREATE FUNCTION ${schema}.understood(of_queue text, of_name text, at_ms bigint) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF EXISTS (SELECT FROM ${schema}.queue q WHERE q.name = of_queue AND (q.paused OR q.closed_until > at_ms)) THEN
    RETURN NULL;
  END IF;
  RETURN (
    SELECT max(coalesce((w.versions ->> of_name)::integer, 2147483647)) FROM ${schema}.worker w
    WHERE NOT w.dead AND w.queues::jsonb @> to_jsonb(of_queue) AND w.handlers::jsonb @> to_jsonb(of_name));
END $$;`;
}

/**
 * The parts of a gate's line that a live worker can run: queue, name and payload version.
 *
 * Index walked: blocked_line, one probe for each part, however many jobs are in it: those that cannot run are never walked.
 */
function runnableLines(schema: string): string {
  const part = "b.queue, b.name, b.version";
  const first = (condition: string) => `SELECT ${part} FROM ${schema}.blocked b
      WHERE b.gate = at_gate ${condition} ORDER BY ${part} LIMIT 1`;
  return `CREATE FUNCTION ${schema}.runnable_lines(at_gate text, at_ms bigint)
RETURNS TABLE (of_queue text, of_name text, of_version integer) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY
  WITH RECURSIVE line AS (
    (${first("")})
    UNION ALL
    SELECT further.* FROM line CROSS JOIN LATERAL (
      ${first("AND (b.queue, b.name, b.version) > (line.queue, line.name, line.version)")}) further
  )
  SELECT line.queue, line.name, line.version FROM line
  WHERE ${schema}.understood(line.queue, line.name, at_ms) >= line.version;
END $$;`;
}

/**
 * Whether the gates of a job beside the one it waits at have room: `stuck` names the first that has none, `busy` says that
 * somebody else is at one. Locks: those gates, until the transaction ends; each is only tried, so no two callers wait for each
 * other, in whatever order they come to gates they share.
 */
function otherGates(schema: string): string {
  return `CREATE FUNCTION ${schema}.other_gates(of_gates json, at_gate text,
  OUT busy boolean, OUT stuck text, OUT known boolean) LANGUAGE plpgsql AS $$
DECLARE
  other record;
  room record;
BEGIN
  busy := false;
  FOR other IN
    SELECT g.gate, g.weight FROM json_to_recordset(of_gates) AS g(gate text, weight integer) WHERE g.gate <> at_gate
  LOOP
    busy := NOT pg_try_advisory_xact_lock(${schema}.gate_lock(other.gate));
    IF busy THEN
      RETURN;
    END IF;
    SELECT * INTO room FROM ${schema}.gate_room(other.gate);
    IF NOT room.known OR room.held + least(other.weight, room.most) > room.most THEN
      stuck := other.gate;
      known := room.known;
      RETURN;
    END IF;
  END LOOP;
END $$;`;
}

/**
 * Takes the tokens of all of a job's rates, or none: `stuck` names the first that has too few, `next_at` when it has enough.
 * The sums are those of core/token-bucket.ts, in whole microseconds.
 *
 * Index walked: the primary keys. Rows locked: the buckets, until the transaction ends; one that is locked makes it `busy`,
 * so nobody is waited for who might wait for us. Race: handlers take tokens without a gate's lock; the bucket's row
 * decides. A bucket that appears between the look and the INSERT is met by its conflict.
 */
function takeRates(schema: string): string {
  const full = "greatest(b.full_at, at_us)";
  return `CREATE FUNCTION ${schema}.take_rates(of_gates json, at_ms bigint,
  OUT busy boolean, OUT stuck text, OUT next_at bigint) LANGUAGE plpgsql AS $$
DECLARE
  at_us bigint := at_ms * 1000;
  rate record;
  gates text[] := '{}';
  costs bigint[] := '{}';
BEGIN
  busy := false;
  FOR rate IN
    SELECT g.gate, least(g.weight, s.rate_count) * t.token AS cost, s.rate_count * t.token AS capacity
    FROM json_to_recordset(of_gates) AS g(gate text, weight integer)
    JOIN ${schema}.scope s ON starts_with(g.gate, 'limit:') AND s.name = split_part(g.gate, ':', 2)
    CROSS JOIN LATERAL (SELECT (s.rate_ms * 1000 + s.rate_count - 1) / s.rate_count AS token) t
    WHERE s.rate_count IS NOT NULL
  LOOP
    PERFORM FROM ${schema}.bucket b WHERE b.key = rate.gate FOR UPDATE SKIP LOCKED;
    busy := NOT FOUND AND EXISTS (SELECT FROM ${schema}.bucket b WHERE b.key = rate.gate);
    EXIT WHEN busy;
    INSERT INTO ${schema}.bucket AS b (key, full_at) VALUES (rate.gate, at_us + rate.cost)
      ON CONFLICT (key) DO UPDATE SET full_at = ${full} + rate.cost WHERE ${full} + rate.cost <= at_us + rate.capacity;
    IF NOT FOUND THEN
      stuck := rate.gate;
      next_at := (SELECT ceil((${full} + rate.cost - rate.capacity) / 1000.0) FROM ${schema}.bucket b WHERE b.key = rate.gate);
      EXIT;
    END IF;
    gates := gates || rate.gate;
    costs := costs || rate.cost;
  END LOOP;
  IF busy OR stuck IS NOT NULL THEN
    UPDATE ${schema}.bucket b SET full_at = b.full_at - t.cost FROM unnest(gates, costs) AS t(gate, cost) WHERE b.key = t.gate;
  END IF;
END $$;`;
}
