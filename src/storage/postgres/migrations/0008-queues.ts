// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** What operators set for a queue, and whether a worker was told to drain. `capped_since` is the database's own time. */
export function queueSettings(schema: string): string {
  return `
ALTER TABLE ${schema}.queue ADD COLUMN concurrency integer, ADD COLUMN max_running integer,
  ADD COLUMN capped_since bigint, ADD COLUMN backoff json, ADD COLUMN changed_at bigint, ADD COLUMN changed_by text;
ALTER TABLE ${schema}.worker ADD COLUMN draining boolean NOT NULL DEFAULT false;`;
}
