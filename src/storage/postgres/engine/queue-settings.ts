import type { QueueEdit } from "../../../core/queue-change.ts";
import type { Act } from "../../contract/control.ts";
import { editedColumns } from "../../shared/queue-row.ts";

/**
 * The statement that changes a queue's settings. `capped_since` is when `max_running` was set where none was, by the database's own
 * clock: claims that began before may still commit. With `adopted_at` taken back, what already runs is counted by the next claim.
 *
 * Index walked: queue's primary key. Rows locked: the one. Race: a pause or another edit, which change other columns or win as
 * the later one.
 */
export function updateQueueStatement(
  schema: string,
  name: string,
  edit: QueueEdit,
  { now, by }: Act,
): { readonly sql: string; readonly params: readonly unknown[] } {
  const changed = editedColumns(edit);
  const values = new Map<string, unknown>([...changed, ["changed_at", now], ["changed_by", by]]);
  const columns = [...values.keys()];
  const places = columns.map((column, index) =>
    column === "backoff" ? `$${index + 2}::text::json` : `$${index + 2}`,
  );
  const sets = columns.map((column) => `${column} = excluded.${column}`);
  if (changed.has("max_running")) {
    columns.push("capped_since");
    places.push("floor(extract(epoch FROM clock_timestamp()) * 1000)");
    sets.push(
      "capped_since = CASE WHEN q.max_running IS NULL THEN excluded.capped_since ELSE q.capped_since END",
      "adopted_at = CASE WHEN q.max_running IS NULL THEN NULL ELSE q.adopted_at END",
    );
  }
  // What counted towards a maxRunning that is no more.
  const before =
    edit.maxRunning === null ? `WITH gone AS (DELETE FROM ${schema}.capped WHERE queue = $1) ` : "";
  const sql = `${before}INSERT INTO ${schema}.queue AS q (name, ${columns.join(", ")}) VALUES ($1, ${places.join(", ")})
    ON CONFLICT (name) DO UPDATE SET ${sets.join(", ")}`;
  return { sql, params: [name, ...values.values()] };
}
