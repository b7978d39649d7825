/** Operations on many jobs, with how far they have got, and the audit. */
export function bulkTables(schema: string): string {
  return `
CREATE TABLE ${schema}.operation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  up_to bigint NOT NULL,
  reached bigint NOT NULL DEFAULT 0,
  matched bigint NOT NULL,
  done bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  created_at bigint NOT NULL,
  finished_at bigint,
  action text NOT NULL,
  state text NOT NULL DEFAULT 'running',
  who text,
  error text,
  settings json NOT NULL,
  filter json NOT NULL,
  conditions json NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 200);
CREATE INDEX operation_running ON ${schema}.operation (id) WHERE state = 'running';

CREATE TABLE ${schema}.audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at bigint NOT NULL,
  who text,
  action text NOT NULL,
  target text NOT NULL,
  details json NOT NULL
);
CREATE INDEX audit_target ON ${schema}.audit (target, id);`;
}
