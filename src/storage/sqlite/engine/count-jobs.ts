import type { JobConditions } from "../../../core/job-filter.ts";
import { type JobState, jobStates } from "../../../core/job.ts";
import type { JobCounts } from "../../contract/inspect.ts";
import { conditionsOf } from "./job-conditions.ts";
import type { Session } from "./session.ts";
import { countGivenUp, countState } from "./state-place.ts";

/** The jobs that match a filter, and the newest of them. */
export interface CountedJobs {
  readonly byState: JobCounts;
  readonly newest: number | null;
}

interface CountRow {
  readonly state: JobState;
  readonly jobs: number;
  readonly newest: number | null;
}

/** Walks every table that can hold such jobs once, by the primary key where nothing else is asked. */
export function countJobs(session: Session, query: JobConditions): CountedJobs {
  const { states, where, values } = conditionsOf(query);
  const sql = countsOf(states, where).join(" UNION ALL ");
  const rows = sql === "" ? [] : session.all<CountRow>(sql, values);
  const counts = new Map(rows.map(({ state, jobs }) => [state, jobs]));
  const all = jobStates.map((state) => [state, counts.get(state) ?? 0]);
  const newest = Math.max(0, ...rows.map((row) => row.newest ?? 0));
  return {
    byState: Object.fromEntries(all) as JobCounts,
    newest: newest === 0 ? null : newest,
  };
}

function countsOf(states: readonly JobState[], where: (state: JobState) => string): string[] {
  const others = states.filter((state) => state !== "cancelled" && state !== "discarded");
  if (states.length - others.length < 2) {
    return states.map((state) => countState(state, where(state)));
  }
  const counts = others.map((state) => countState(state, where(state)));
  return [...counts, countGivenUp(where("discarded"))];
}
