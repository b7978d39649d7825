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

/**
 * Walks every table that can hold such jobs once. Index: of finished jobs those of queue and name, alone, when nothing else is asked; the
 * primary key else. Locks: none.
 */
export function countJobs(session: Session, query: JobConditions): CountedJobs {
  const { states, where, values } = conditionsOf(query);
  const sql = countsOf(states, where, asksForNames(query)).join(" UNION ALL ");
  const rows = sql === "" ? [] : session.all<CountRow>(sql, values);
  const counts = new Map(rows.map(({ state, jobs }) => [state, jobs]));
  const all = jobStates.map((state) => [state, counts.get(state) ?? 0]);
  const newest = Math.max(0, ...rows.map((row) => row.newest ?? 0));
  return {
    byState: Object.fromEntries(all) as JobCounts,
    newest: newest === 0 ? null : newest,
  };
}

const namesOnly = new Set(["states", "queue", "name"]);

/** True when a filter has no condition but states, queues and names. */
function asksForNames(query: JobConditions): boolean {
  return Object.entries(query).every(
    ([condition, asked]) => namesOnly.has(condition) || asked === undefined,
  );
}

function countsOf(
  states: readonly JobState[],
  where: (state: JobState) => string,
  anyIndex: boolean,
): string[] {
  const others = states.filter((state) => state !== "cancelled" && state !== "discarded");
  const counted = states.length - others.length < 2 ? states : others;
  const counts = counted.map((state) => countState(state, where(state), anyIndex));
  return counted === states ? counts : [...counts, countGivenUp(where("discarded"), anyIndex)];
}
