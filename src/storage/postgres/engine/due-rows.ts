import { parseGates } from "../../shared/job-json.ts";
import { insertFrom } from "../rows.ts";

/** The gates of jobs that a statement has moved, as their rows have them. */
export interface GatedRow {
  readonly gates: string | null;
}

/** The names of the gates in a row. */
export function gatesIn(row: GatedRow | undefined): readonly string[] {
  return parseGates(row?.gates ?? null).map(({ gate }) => gate);
}

type Changes = Readonly<Record<string, string>>;

/** The step that makes jobs of the step `job` available; those with gates are left out. */
export function enterLive(schema: string, set: Changes): string {
  const own = { ...set, gates: "job.gates", seq: nextSeq(schema) };
  return `${insertFrom(`${schema}.live`, own, "job")} WHERE job.gates IS NULL`;
}

/** The step that puts jobs of the step `job` that have gates into the line of their first: whoever is due waits to be let in. */
export function enterBlocked(schema: string, set: Changes): string {
  const own = { ...set, gates: "job.gates", gate: firstGate("job.gates"), seq: nextSeq(schema) };
  return `${insertFrom(`${schema}.blocked`, own, "job")} WHERE job.gates IS NOT NULL`;
}

/** The first of a row's gates, at which it waits first. */
export function firstGate(gates: string): string {
  return `(${gates} -> 0 ->> 'gate')`;
}

function nextSeq(schema: string): string {
  return `nextval('${schema}.job_seq')`;
}
