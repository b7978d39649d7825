import { type JobState, jobStates } from "../../../core/job.ts";
import { jobBranches } from "../migrations/0009-jobs-view.ts";

/** A table that jobs can be in. */
export type JobTable = keyof ReturnType<typeof jobBranches>;

const tables: Readonly<Record<JobState, JobTable>> = {
  scheduled: "later",
  available: "live",
  blocked: "blocked",
  running: "live",
  retryable: "later",
  completed: "done",
  cancelled: "dead",
  discarded: "dead",
};

/** The tables that jobs of these states are in. */
export function tablesOf(states: readonly JobState[] = jobStates): readonly JobTable[] {
  return [...new Set(states.map((state) => tables[state]))];
}

/** The jobs of some tables as the view shows them, called `jobs`: the planner cannot tell that a table has none of a state. */
export function jobsFrom(schema: string, from: readonly JobTable[]): string {
  const branches = jobBranches(schema);
  const union = from.map((table) => branches[table]).join(" UNION ALL ");
  return from.length === 0 ? `${schema}.jobs` : `(${union}) AS jobs`;
}
