import type { JobConditions } from "../../../core/job-filter.ts";
import type { JobState } from "../../../core/job.ts";
import { possibleStates } from "../../shared/possible-states.ts";
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

/** The table that jobs of a state are in. */
export function tableOf(state: JobState): JobTable {
  return tables[state];
}

/** The tables that jobs of these conditions can be in. */
export function tablesFor(query: JobConditions): readonly JobTable[] {
  return [...new Set(possibleStates(query).map(tableOf))];
}

/**
 * The jobs of some tables as the view shows them, called `jobs`: the planner cannot tell that a table has none of a state. Beside what the
 * view has there is what the newest attempt that is kept says, without making the list it stands in.
 */
export function jobsFrom(schema: string, from: readonly JobTable[]): string {
  const branches = jobBranches(schema);
  const select = (table: JobTable) =>
    branches[table].replace("\nFROM ", `, ${newestAttempt(table)}\nFROM `);
  if (from.length === 0) return `(${select("live")} WHERE false) AS jobs`;
  return `(${from.map(select).join(" UNION ALL ")}) AS jobs`;
}

/** What the row of a completed job has of its only attempt. */
const ofOnly = { began: "began_at", ended: "finished_at", worker: "owner::text" } as const;

function newestAttempt(table: JobTable): string {
  const columns = Object.entries(ofOnly).map(([field, only]) => {
    const type = field === "worker" ? "text" : "bigint";
    const kept = `(attempts #>> '{-1,${field}}')::${type}`;
    const value =
      table === "done" ? `CASE WHEN attempts IS NULL THEN ${only} ELSE ${kept} END` : kept;
    return `${value} AS newest_${field}`;
  });
  return columns.join(", ");
}
