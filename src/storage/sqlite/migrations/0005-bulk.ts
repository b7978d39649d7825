/** Operations on many jobs, with how far they have got, and the audit. */
export const bulkTables = `
CREATE TABLE holdfast_operation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  up_to INTEGER NOT NULL,
  reached INTEGER NOT NULL DEFAULT 0,
  matched INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  action TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'running',
  who TEXT,
  error TEXT,
  settings TEXT NOT NULL,
  filter TEXT NOT NULL,
  conditions TEXT NOT NULL
) STRICT;
CREATE INDEX holdfast_operation_running ON holdfast_operation (id) WHERE state = 'running';

CREATE TABLE holdfast_audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  who TEXT,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  details TEXT NOT NULL
) STRICT;
CREATE INDEX holdfast_audit_target ON holdfast_audit (target, id);`;
