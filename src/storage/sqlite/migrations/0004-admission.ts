/** What all branches of the jobs view read alike; `admission` is what the branch knows of the job's gates. */
function viewColumns(admission: string, attempts = "'[]'"): string {
  return `id, run, name, version, queue, priority, attempt, crashes, backoff_ms, created_at, run_at, unique_key,
  unique_while, coalesce(tags, '[]') AS tags, policy, payload, checkpoint, progress, result,
  coalesce(attempts, ${attempts}) AS attempts, ${admission}`;
}

const cleanAttempt = `json_array(json_object('number', attempt, 'run', run,
    'worker', CAST(owner AS TEXT), 'began', began_at, 'ended', finished_at, 'how', 'completed'))`;

const notWaiting = "gates, NULL AS gate";

/**
 * Lanes, limits and rates. A job's row carries its `gates`, NULL for most; a blocked one says at which it waits. `keylock` holds
 * the permits of admitted jobs. Code that knows nothing of gates would let every job pass, so it may not run on this schema.
 */
export const admission = {
  id: 4,
  name: "admission",
  minCode: 4,
  sql: `
ALTER TABLE holdfast_live ADD COLUMN gates TEXT;
ALTER TABLE holdfast_later ADD COLUMN gates TEXT;
ALTER TABLE holdfast_dead ADD COLUMN gates TEXT;
ALTER TABLE holdfast_blocked ADD COLUMN gates TEXT;
ALTER TABLE holdfast_blocked ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE holdfast_blocked ADD COLUMN gate TEXT NOT NULL DEFAULT '';
CREATE INDEX holdfast_blocked_line ON holdfast_blocked (gate, queue, name, version, seq);

ALTER TABLE holdfast_keylock ADD COLUMN weight INTEGER NOT NULL DEFAULT 1;
CREATE INDEX holdfast_keylock_job ON holdfast_keylock (job);

CREATE TABLE holdfast_scope (
  name TEXT PRIMARY KEY,
  concurrent INTEGER,
  rate_count INTEGER,
  rate_ms INTEGER,
  edited INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE holdfast_bucket (
  key TEXT PRIMARY KEY,
  full_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX holdfast_bucket_full ON holdfast_bucket (full_at);

DROP VIEW holdfast_jobs;
CREATE VIEW holdfast_jobs AS
SELECT ${viewColumns(notWaiting)},
  CASE WHEN owner IS NULL THEN 'available' ELSE 'running' END AS state,
  owner, claimed_at, NULL AS finished_at, cancel, NULL AS reason
FROM holdfast_live
UNION ALL
SELECT ${viewColumns(notWaiting)},
  CASE WHEN retrying THEN 'retryable' ELSE 'scheduled' END, NULL, NULL, NULL, NULL, NULL
FROM holdfast_later
UNION ALL
SELECT ${viewColumns("gates, gate")}, 'blocked', NULL, NULL, NULL, NULL, NULL FROM holdfast_blocked
UNION ALL
SELECT ${viewColumns("NULL AS gates, NULL AS gate", cleanAttempt)},
  'completed', NULL, claimed_at, finished_at, NULL, NULL
FROM holdfast_done
UNION ALL
SELECT ${viewColumns(notWaiting)}, state, NULL, claimed_at, finished_at, NULL, reason FROM holdfast_dead;
`,
} as const;
