/**
 * Schedules, and the deploys that declare them. The plan is text: whether two are the same is told by it. `due_at` is the next tick,
 * or later while that fails, and NULL for whoever does not tick. `schema` is quoted.
 */
export function schedules(schema: string): string {
  return `
CREATE TABLE ${schema}.schedule (
  name text PRIMARY KEY,
  revision bigint NOT NULL,
  grp text,
  plan text NOT NULL,
  paused_at bigint,
  paused_by text,
  due_at bigint,
  next_at bigint,
  last_at bigint,
  last_outcome text,
  last_job bigint,
  failure text,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX schedule_due ON ${schema}.schedule (due_at, name) WHERE due_at IS NOT NULL;

CREATE TABLE ${schema}.schedule_group (
  name text PRIMARY KEY,
  revision bigint NOT NULL,
  version bigint
);`;
}
