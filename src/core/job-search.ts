import { type JobState, jobStates } from "./job.ts";

/** How far a look at jobs goes. */
export interface SearchOptions {
  /**
   * The most jobs to look at, newest first, 1 to 1000000: for filters that no index answers, where there may be millions of jobs. Running
   * jobs are found however old they are. Default all.
   */
  readonly searchAtMost?: number;
}

/** The values of a job as the JSON text that is stored: numbers too large for JavaScript are in it as they are. */
export interface JobTexts {
  readonly id: string;
  readonly payload: string;
  readonly result: string | null;
  readonly checkpoint: string | null;
  readonly progress: string | null;
}

/** How many jobs are in a state, as far as they were counted. */
export interface CappedCount {
  readonly jobs: number;
  /** True when counting stopped before all were looked at: there may be more. */
  readonly atLeast: boolean;
}

/** How many jobs there are in each state, every state named. */
export type CappedCounts = Readonly<Record<JobState, CappedCount>>;

/** Names every state; those not counted have no jobs. */
export function cappedCounts(counted: Partial<CappedCounts>): CappedCounts {
  const none: CappedCount = { jobs: 0, atLeast: false };
  return Object.fromEntries(
    jobStates.map((state) => [state, counted[state] ?? none]),
  ) as unknown as CappedCounts;
}

/** How many jobs there are in all states together. */
export function sumOfStates(counts: Readonly<Record<JobState, number>>): number {
  return jobStates.reduce((sum, state) => sum + counts[state], 0);
}
