/**
 * What workers say of themselves. Old code writes none of it, and its heartbeats go on. Statistics of JSON nobody searches by
 * are not worth gathering. `schema` is quoted.
 */
export function presencePart(schema: string): string {
  return `
ALTER TABLE ${schema}.worker
  ADD COLUMN version text,
  ADD COLUMN slots json NOT NULL DEFAULT '{}',
  ADD COLUMN beat_at bigint,
  ADD COLUMN report json,
  ADD COLUMN drained_by text,
  ALTER COLUMN slots SET STATISTICS 0,
  ALTER COLUMN report SET STATISTICS 0;`;
}
