import type { MigrationStep } from "../../shared/migrator.ts";

/**
 * The sixth step: what outlives its job, which is the requests that idempotency keys name and the last state under each key
 * that hands it on; and which payload versions each worker's handlers understand. Older code knows none of it and goes on.
 */
export function afterJobsMigration(schema: string): MigrationStep {
  const busy = `autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.05`;
  const sql = `
CREATE TABLE ${schema}.idempotency (
  name text NOT NULL,
  key text NOT NULL,
  job bigint NOT NULL,
  kept_ms bigint NOT NULL,
  until bigint,
  PRIMARY KEY (name, key)
) WITH (${busy});
CREATE INDEX idempotency_job ON ${schema}.idempotency (job);
CREATE INDEX idempotency_until ON ${schema}.idempotency (until) WHERE until IS NOT NULL;

CREATE TABLE ${schema}.generation (
  name text NOT NULL,
  key text NOT NULL,
  job bigint NOT NULL,
  checkpoint json,
  PRIMARY KEY (name, key)
) WITH (${busy});
CREATE INDEX generation_job ON ${schema}.generation (job);

ALTER TABLE ${schema}.worker ADD COLUMN versions json NOT NULL DEFAULT '{}';`;
  return { id: 6, name: "after jobs", minCode: 4, sql };
}
