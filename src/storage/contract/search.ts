import type { Job } from "../../core/job.ts";
import type { JobConditions } from "../../core/job-filter.ts";
import type { QueueRecord } from "../../core/queue.ts";
import type { CappedCounts } from "../../core/job-search.ts";
import type { JobCounts } from "./inspect.ts";

/** How far a search for jobs goes. */
export interface SearchBounds {
  readonly limit: number;
  /** Only ids below this. */
  readonly after?: string | undefined;
  /** How many of the newest rows of the tables that can hold such jobs are looked at. */
  readonly searchAtMost: number;
  /** Values of more characters are left out. */
  readonly valuesUpTo?: number | undefined;
}

/** What a bounded search found. */
export interface FoundJobs {
  /** Newest id first. */
  readonly jobs: readonly Job[];
  /** The last job looked at when there are more and fewer than `limit` were found. */
  readonly stoppedAt: { readonly id: string; readonly createdAt: number } | null;
}

/** What was counted of all jobs, oldest first. */
export interface CountedStretch {
  readonly byState: JobCounts;
  /** The id up to which all were looked at; `null` when there are none behind it. */
  readonly reached: string | null;
}

/** Reading a part of what may be very many jobs; never writes. No method's cost grows with the number of jobs. */
export interface SearchStore {
  /** Running jobs, when no others are asked for, are looked for where claims take them from and not among the newest. */
  searchJobs(query: JobConditions, bounds: SearchBounds): Promise<FoundJobs>;
  /** Counts among the newest rows of each table. */
  countUpTo(query: JobConditions, searchAtMost: number): Promise<CappedCounts>;
  /** Counts among the oldest rows with ids above one. Stretch by stretch all are counted, each once, wherever it moves meanwhile. */
  countStretch(query: JobConditions, above: string, lookAtMost: number): Promise<CountedStretch>;
  /**
   * Queues as `listQueues` has them, each of their counts up to about so many. One that has nothing but jobs due later may be missing
   * when there are more of those than that.
   */
  countQueues(countAtMost: number, name?: string): Promise<readonly QueueRecord[]>;
}
