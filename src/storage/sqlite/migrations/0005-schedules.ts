/**
 * Schedules, and the deploys that declare them. `due_at` is the next tick, or later while that fails, and NULL for whoever does not
 * tick.
 */
export const schedules = `
CREATE TABLE holdfast_schedule (
  name TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  grp TEXT,
  plan TEXT NOT NULL,
  paused_at INTEGER,
  paused_by TEXT,
  due_at INTEGER,
  next_at INTEGER,
  last_at INTEGER,
  last_outcome TEXT,
  last_job INTEGER,
  failure TEXT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX holdfast_schedule_due ON holdfast_schedule (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE holdfast_schedule_group (
  name TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  version INTEGER
) STRICT, WITHOUT ROWID;
`;
