/** What outlives its job: the requests that idempotency keys name, and the last state under each key that hands it on. */
export const afterJobs = {
  id: 3,
  name: "after-jobs",
  minCode: 2,
  sql: `
CREATE TABLE holdfast_idempotency (
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  job INTEGER NOT NULL,
  kept_ms INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX holdfast_idempotency_job ON holdfast_idempotency (job);
CREATE INDEX holdfast_idempotency_until ON holdfast_idempotency (until) WHERE until IS NOT NULL;

CREATE TABLE holdfast_generation (
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  job INTEGER NOT NULL,
  checkpoint TEXT,
  PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX holdfast_generation_job ON holdfast_generation (job);

ALTER TABLE holdfast_worker ADD COLUMN versions TEXT NOT NULL DEFAULT '{}';
`,
} as const;
