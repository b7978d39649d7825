import { defaults } from "../../../core/defaults.ts";
import type { NamedValues } from "./handle.ts";
import type { Session } from "./session.ts";

/** The tables a job's row can be in. */
export type JobTable = "live" | "later" | "blocked" | "done" | "dead";

const commonColumns = [
  "id",
  "run",
  "name",
  "version",
  "queue",
  "priority",
  "attempt",
  "crashes",
  "backoff_ms",
  "created_at",
  "run_at",
  "unique_key",
  "unique_while",
  "tags",
  "policy",
  "payload",
  "checkpoint",
  "progress",
  "result",
  "attempts",
  "trace",
] as const;

/** The statement that copies rows of one table to another; `set` gives new or changed columns as expressions. */
export function copyStatement(
  from: JobTable,
  to: JobTable,
  set: Readonly<Record<string, string>>,
  where: string,
): string {
  // A completed job is never admitted again, so only there its gates are left out.
  const gates = to === "done" ? [] : ["gates"];
  const columns = [...new Set([...commonColumns, ...gates, ...Object.keys(set)])];
  const values = columns.map((column) => set[column] ?? column);
  return `INSERT INTO holdfast_${to} (${columns.join(", ")})
    SELECT ${values.join(", ")} FROM holdfast_${from} AS job WHERE ${where}`;
}

const keptMs = { keep_completed_ms: defaults.completedKeptMs, keep_dead_ms: defaults.deadKeptMs };

/** The day a job expires: when it finished, an expression, plus what its queue keeps. */
export function expiryDay(keep: keyof typeof keptMs, finished: string): string {
  const kept = `coalesce((SELECT ${keep} FROM holdfast_queue WHERE name = job.queue), ${keptMs[keep]})`;
  return `CAST((${finished} + ${kept}) / 86400000 AS INTEGER)`;
}

/** The gate a job that becomes due waits at: the first of its gates, given as an expression. */
export function firstGateOf(gates: string): string {
  return `json_extract(${gates}, '$[0].gate')`;
}

/** The same of a row. */
export const firstGate = firstGateOf("gates");

/** What a row entering `blocked` gets besides what it had: the end of its gate's line. */
export const atEndOfLine = { seq: "$seq", gate: firstGate } as const;

/** What is known of a row that left a table. */
export interface RemovedJob {
  readonly id: number;
  readonly name: string;
  readonly queue: string;
  readonly unique_key: string | null;
  readonly unique_while: string | null;
  readonly gates: string | null;
}

/** Removes a job's row from a table. */
export function removeRow(
  session: Session,
  table: JobTable,
  id: number | null,
): RemovedJob | undefined {
  const gates = table === "done" ? "NULL AS gates" : "gates";
  return session.get<RemovedJob>(
    `DELETE FROM holdfast_${table} WHERE id = ? RETURNING id, name, queue, unique_key, unique_while, ${gates}`,
    id,
  );
}

/** Frees the unique key a job holds; one held by another job by now is left alone. */
export function freeKey(session: Session, job: RemovedJob): void {
  if (job.unique_key === null) return;
  session.run(
    "DELETE FROM holdfast_uniq WHERE name = ? AND key = ? AND holder = ?",
    job.name,
    job.unique_key,
    job.id,
  );
}

/** Frees the key of a job that has finished, unless it is held for good. */
export function freeKeyOfFinished(session: Session, job: RemovedJob): void {
  if (job.unique_while !== "ever") freeKey(session, job);
}

/** Moves one job between tables and says what moved; `undefined` when the statement found nothing to move. */
export function moveJob(
  session: Session,
  statement: string,
  from: JobTable,
  params: NamedValues & { readonly id: number | null },
): RemovedJob | undefined {
  return session.run(statement, params) === 0 ? undefined : removeRow(session, from, params.id);
}
