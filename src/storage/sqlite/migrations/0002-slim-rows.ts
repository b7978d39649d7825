/** The columns every job table has, the small ones first: a claim reads no payload that spills onto further pages. */
const jobColumns = `
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  queue TEXT NOT NULL,
  priority INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  backoff_ms INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  unique_key TEXT,
  unique_while TEXT,`;

const jobTexts = `
  tags TEXT,
  policy TEXT,
  payload TEXT NOT NULL,
  checkpoint TEXT,
  progress TEXT,
  result TEXT,
  attempts TEXT`;

/** What all tables keep as it was; NULL takes the place of no tags. */
const kept = `id, run, name, version, queue, priority, attempt, crashes, backoff_ms, created_at, run_at, unique_key,
  unique_while, policy, payload, checkpoint, progress, result`;

/** Rebuilds a table, since SQLite cannot drop a NOT NULL: `own` are its own columns, `attempts` what becomes of the old ones. */
function rebuild(table: string, own: string, ownNames: string, attempts: string): string {
  const names = ownNames === "" ? "" : `, ${ownNames}`;
  return `
CREATE TABLE holdfast_new (${jobColumns}${own}${jobTexts}
) STRICT;
INSERT INTO holdfast_new (${kept}${names}, tags, attempts)
SELECT ${kept}${names}, nullif(tags, '[]'), ${attempts} FROM holdfast_${table};
DROP TABLE holdfast_${table};
ALTER TABLE holdfast_new RENAME TO holdfast_${table};`;
}

const unlessEmpty = "nullif(attempts, '[]')";

/** One column list for all branches of the jobs view; what was left out is written out, a done job's attempt too. */
function viewColumns(attempts = "'[]'"): string {
  return `id, run, name, version, queue, priority, attempt, crashes, backoff_ms, created_at, run_at, unique_key,
  unique_while, coalesce(tags, '[]') AS tags, policy, payload, checkpoint, progress, result,
  coalesce(attempts, ${attempts}) AS attempts`;
}

const cleanAttempt = `json_array(json_object('number', attempt, 'run', run,
    'worker', CAST(owner AS TEXT), 'began', began_at, 'ended', finished_at, 'how', 'completed'))`;

/**
 * Rows carry only what is not usual: `policy` NULL is the default one, `tags` NULL is none, `attempts` NULL is none yet. In
 * `done`, `attempts` NULL is one clean attempt, told by `attempt`, `run`, `owner`, `began_at` and `finished_at`.
 */
export const slimRows = {
  id: 2,
  name: "slim-rows",
  minCode: 2,
  sql: `
DROP VIEW holdfast_jobs;
${rebuild(
  "live",
  `
  seq INTEGER NOT NULL,
  owner INTEGER,
  started INTEGER NOT NULL DEFAULT 0,
  claimed_at INTEGER,
  cancel TEXT,`,
  "seq, owner, started, claimed_at, cancel",
  unlessEmpty,
)}
CREATE INDEX holdfast_live_ready ON holdfast_live (queue, priority, seq) WHERE owner IS NULL;
CREATE INDEX holdfast_live_running ON holdfast_live (owner) WHERE owner IS NOT NULL;
${rebuild(
  "later",
  `
  retrying INTEGER NOT NULL DEFAULT 0,`,
  "retrying",
  unlessEmpty,
)}
CREATE INDEX holdfast_later_due ON holdfast_later (run_at, id);
${rebuild("blocked", "", "", unlessEmpty)}
${rebuild(
  "done",
  `
  owner INTEGER,
  claimed_at INTEGER,
  began_at INTEGER,
  finished_at INTEGER NOT NULL,
  bucket INTEGER NOT NULL,`,
  "claimed_at, finished_at, bucket",
  "attempts",
)}
CREATE INDEX holdfast_done_bucket ON holdfast_done (bucket);
${rebuild(
  "dead",
  `
  claimed_at INTEGER,
  finished_at INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,`,
  "claimed_at, finished_at, bucket, state, reason",
  unlessEmpty,
)}
CREATE INDEX holdfast_dead_bucket ON holdfast_dead (bucket);

CREATE VIEW holdfast_jobs AS
SELECT ${viewColumns()},
  CASE WHEN owner IS NULL THEN 'available' ELSE 'running' END AS state,
  owner, claimed_at, NULL AS finished_at, cancel, NULL AS reason
FROM holdfast_live
UNION ALL
SELECT ${viewColumns()},
  CASE WHEN retrying THEN 'retryable' ELSE 'scheduled' END, NULL, NULL, NULL, NULL, NULL
FROM holdfast_later
UNION ALL
SELECT ${viewColumns()}, 'blocked', NULL, NULL, NULL, NULL, NULL FROM holdfast_blocked
UNION ALL
SELECT ${viewColumns(cleanAttempt)}, 'completed', NULL, claimed_at, finished_at, NULL, NULL FROM holdfast_done
UNION ALL
SELECT ${viewColumns()}, state, NULL, claimed_at, finished_at, NULL, reason FROM holdfast_dead;
`,
} as const;
