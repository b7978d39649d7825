import type { AttemptEnd } from "../../../../src/core/attempt.ts";
import type { JobState } from "../../../../src/core/job.ts";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";

/** What is known of the states a job has been in: when it last came to each. A state that is missing was not, or left no trace. */
export type StateVisits = Readonly<Partial<Record<JobState, number>>>;

const tryAgain: readonly AttemptEnd[] = ["failed", "timed-out", "crashed"];
const putOff: readonly AttemptEnd[] = ["rescheduled", "snoozed"];

/** The states a job has been in, as far as its times and attempts tell. */
export function stateVisits(job: JobAnswer): StateVisits {
  const { state, attempts, createdAt, runAt, claimedAt, finishedAt } = job;
  const newest = (ends: readonly AttemptEnd[]) =>
    attempts.findLast(({ how }, index) => ends.includes(how) && leadsOn(job, index))?.ended;
  const began = claimedAt ?? attempts.at(-1)?.began;
  const wasDue = began !== undefined || state === "available" || state === "blocked";
  const visits: [JobState, number | undefined][] = [
    [
      "scheduled",
      newest(putOff) ?? (attempts.length === 0 && runAt > createdAt ? createdAt : undefined),
    ],
    ["retryable", newest(tryAgain)],
    ["available", wasDue && state !== "blocked" ? Math.max(runAt, createdAt) : undefined],
    ["blocked", state === "blocked" ? Math.max(runAt, createdAt) : undefined],
    ["running", began],
    [state, enteredAt(job)],
    [state, finishedAt ?? enteredAt(job)],
  ];
  return Object.fromEntries(visits.filter(([, at]) => at !== undefined));
}

/** True when the job went on after an attempt, instead of ending with it. */
function leadsOn({ attempts, state }: JobAnswer, index: number): boolean {
  const isLast = index === attempts.length - 1;
  return !isLast || !["completed", "cancelled", "discarded"].includes(state);
}

/** When the job came to the state it is in. */
function enteredAt({
  state,
  attempts,
  createdAt,
  runAt,
  claimedAt,
  finishedAt,
}: JobAnswer): number {
  switch (state) {
    case "running":
      return claimedAt ?? runAt;
    case "available":
    case "blocked":
      return Math.max(runAt, createdAt);
    case "scheduled":
    case "retryable":
      return attempts.at(-1)?.ended ?? createdAt;
    default:
      return finishedAt ?? createdAt;
  }
}
