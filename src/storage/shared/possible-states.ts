import type { JobConditions } from "../../core/job-filter.ts";
import { isFinished, type JobState, jobStates } from "../../core/job.ts";

/** The states that jobs of these conditions can be in, so that nobody looks for them elsewhere. */
export function possibleStates(query: JobConditions): readonly JobState[] {
  return (query.states ?? jobStates).filter((state) => mayBe(state, query));
}

function mayBe(state: JobState, query: JobConditions): boolean {
  const { finishedAfter, finishedBefore, claimedUntil, gate, error } = query;
  // Its newest attempt succeeded; what is left out is that one.
  if (error !== undefined && state === "completed") return false;
  const ends = finishedAfter !== undefined || finishedBefore !== undefined;
  if (ends && !isFinished(state)) return false;
  if (claimedUntil !== undefined && state !== "running") return false;
  return gate === undefined || state === "blocked";
}
