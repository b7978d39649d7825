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
  tags TEXT NOT NULL DEFAULT '[]',
  policy TEXT NOT NULL,
  payload TEXT NOT NULL,
  checkpoint TEXT,
  progress TEXT,
  result TEXT,
  attempts TEXT NOT NULL DEFAULT '[]'`;

/** One column list for all branches of the jobs view. */
const viewColumns = `id, run, name, version, queue, priority, attempt, crashes, backoff_ms, created_at, run_at, unique_key,
  unique_while, tags, policy, payload, checkpoint, progress, result, attempts`;

/** The first schema. Times are milliseconds since the epoch, JSON is text. */
export const initial = {
  id: 1,
  name: "initial",
  minCode: 1,
  sql: `
CREATE TABLE holdfast_migration (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  min_code INTEGER NOT NULL
) STRICT;

CREATE TABLE holdfast_sequence (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  id INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT;
INSERT INTO holdfast_sequence (only, id, seq) VALUES (1, 0, 0);

CREATE TABLE holdfast_live (${jobColumns}
  seq INTEGER NOT NULL,
  owner INTEGER,
  started INTEGER NOT NULL DEFAULT 0,
  claimed_at INTEGER,
  cancel TEXT,${jobTexts}
) STRICT;
CREATE INDEX holdfast_live_ready ON holdfast_live (queue, priority, seq) WHERE owner IS NULL;
CREATE INDEX holdfast_live_running ON holdfast_live (owner) WHERE owner IS NOT NULL;

CREATE TABLE holdfast_later (${jobColumns}
  retrying INTEGER NOT NULL DEFAULT 0,${jobTexts}
) STRICT;
CREATE INDEX holdfast_later_due ON holdfast_later (run_at, id);

CREATE TABLE holdfast_blocked (${jobColumns}${jobTexts}
) STRICT;

CREATE TABLE holdfast_done (${jobColumns}
  claimed_at INTEGER,
  finished_at INTEGER NOT NULL,
  bucket INTEGER NOT NULL,${jobTexts}
) STRICT;
CREATE INDEX holdfast_done_bucket ON holdfast_done (bucket);

CREATE TABLE holdfast_dead (${jobColumns}
  claimed_at INTEGER,
  finished_at INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,${jobTexts}
) STRICT;
CREATE INDEX holdfast_dead_bucket ON holdfast_dead (bucket);

CREATE TABLE holdfast_uniq (
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  holder INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX holdfast_uniq_until ON holdfast_uniq (until) WHERE until IS NOT NULL;

CREATE TABLE holdfast_keylock (
  key TEXT NOT NULL,
  job INTEGER NOT NULL,
  PRIMARY KEY (key, job)
) STRICT, WITHOUT ROWID;

CREATE TABLE holdfast_worker (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  queues TEXT NOT NULL,
  handlers TEXT NOT NULL,
  lease_ms INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  beat INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE holdfast_queue (
  name TEXT PRIMARY KEY,
  paused INTEGER NOT NULL DEFAULT 0,
  closed_until INTEGER NOT NULL DEFAULT 0,
  throttle_level INTEGER NOT NULL DEFAULT 0,
  keep_completed_ms INTEGER,
  keep_dead_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE VIEW holdfast_jobs AS
SELECT ${viewColumns},
  CASE WHEN owner IS NULL THEN 'available' ELSE 'running' END AS state,
  owner, claimed_at, NULL AS finished_at, cancel, NULL AS reason
FROM holdfast_live
UNION ALL
SELECT ${viewColumns},
  CASE WHEN retrying THEN 'retryable' ELSE 'scheduled' END, NULL, NULL, NULL, NULL, NULL
FROM holdfast_later
UNION ALL
SELECT ${viewColumns}, 'blocked', NULL, NULL, NULL, NULL, NULL FROM holdfast_blocked
UNION ALL
SELECT ${viewColumns}, 'completed', NULL, claimed_at, finished_at, NULL, NULL FROM holdfast_done
UNION ALL
SELECT ${viewColumns}, state, NULL, claimed_at, finished_at, NULL, reason FROM holdfast_dead;
`,
} as const;
