import type { Lease } from "../../core/claimed-job.ts";
import { valueColumns } from "../shared/job-json.ts";
import { numberArray } from "./engine/array-literal.ts";

/** The columns a job has in every table it can live in. All but `done` have its `gates` too. */
export const jobColumns = [
  "id",
  "created_at",
  "run_at",
  "backoff_ms",
  "run",
  "version",
  "attempt",
  "crashes",
  "priority",
  "name",
  "queue",
  "unique_key",
  "unique_while",
  "payload",
  "checkpoint",
  "progress",
  "result",
  "policy",
  "attempts",
  "tags",
  "trace",
] as const;

/** The columns a claimed job is read from. JSON as text: whatever parsers the application has set, none runs. */
export const claimedColumns = `id::text, owner::text, run, name, version, queue, payload::text, checkpoint::text,
  attempt, crashes, started, created_at::text, run_at::text, claimed_at::text, backoff_ms::text,
  policy::text, attempts::text, tags::text, gates::text, trace`;

/** The columns of the jobs view a job is read from. */
export const viewColumns = `id::text, state, name, version, queue, priority, attempt, crashes, run, owner::text,
  created_ms::text AS created_at, run_ms::text AS run_at, claimed_ms::text AS claimed_at,
  finished_ms::text AS finished_at, payload::text, result::text, checkpoint::text, progress::text, cancel::text,
  reason::text, attempts::text, unique_key, tags::text, gates::text, gate, trace`;

/** The same, without values of more characters than given. What is large is not read to find that out: stored, it is no longer than that. */
export function viewColumnsUpTo(valuesUpTo: number | undefined): string {
  if (valuesUpTo === undefined) return viewColumns;
  return valueColumns.reduce(
    (columns, column) =>
      columns.replace(
        `${column}::text`,
        `CASE WHEN pg_column_size(${column}) <= ${4 * valuesUpTo + 8} AND length(${column}::text) <= ${valuesUpTo}
    THEN ${column}::text END AS ${column}`,
      ),
    viewColumns,
  );
}

/** The statement that puts rows of a query into a table; `set` gives new or changed columns as expressions. */
export function insertFrom(
  table: string,
  set: Readonly<Record<string, string>>,
  source: string,
): string {
  const columns = [...new Set<string>([...jobColumns, ...Object.keys(set)])];
  const values = columns.map((column) => set[column] ?? `job.${column}`);
  return `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${values.join(", ")} FROM ${source}`;
}

/** The day a job expires: when it finished plus what its queue keeps. */
export function expiryDay(now: string, kept: string, otherwise: number): string {
  return `((${now} + coalesce(${kept}, ${otherwise})) / 86400000)::integer`;
}

const largestId = 9_223_372_036_854_775_807n;

/** An id as the database has it; `null`, which matches nothing, for text that cannot be one. */
export function idOf(text: string): string | null {
  if (!/^[1-9]\d{0,18}$/.test(text)) return null;
  // Fewer digits than the largest: nothing to compare, and this runs for every job.
  return text.length < 19 || BigInt(text) <= largestId ? text : null;
}

/** The parameters of a fence: ids, owners and runs of leases, side by side. */
export function fences(leases: readonly Lease[]): readonly unknown[] {
  return [
    numberArray(leases.map((lease) => idOf(lease.id))),
    numberArray(leases.map((lease) => idOf(lease.owner))),
    numberArray(leases.map((lease) => lease.run)),
  ];
}
