/**
 * The lines jobs wrote to their logs. Those of one run number their places from 0, and a line too many takes the place of the
 * oldest. `schema` is quoted.
 */
export function joblogTable(schema: string): string {
  return `
CREATE TABLE ${schema}.joblog (
  job bigint NOT NULL,
  run integer NOT NULL,
  place smallint NOT NULL,
  line integer NOT NULL,
  at bigint NOT NULL,
  attempt integer NOT NULL,
  level text NOT NULL,
  message text NOT NULL,
  fields json,
  PRIMARY KEY (job, run, place)
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE ${schema}.joblog ALTER COLUMN message SET STATISTICS 0, ALTER COLUMN fields SET STATISTICS 0;`;
}
