import type { JobConditions } from "../../core/job-filter.ts";
import type { JobTexts } from "../../core/job-search.ts";
import type { FinishedState, Job, JobState } from "../../core/job.ts";
import type { Cooling } from "../../core/throttle.ts";
import type { QueueRecord } from "../../core/queue.ts";
import type { JobCount, QueueGauges } from "../../core/queue-gauges.ts";
import type { Surroundings } from "../../core/surroundings.ts";
import type { EndReason } from "../../core/end-reason.ts";
import type { RetryPolicy } from "../../core/retry-policy.ts";
import type { UniqueWhile } from "../../core/unique.ts";

/** How a job finished; `result` is JSON text. */
export interface JobEnd {
  readonly id: string;
  readonly state: FinishedState;
  readonly result: string | null;
  readonly reason: EndReason | null;
}

/** How many jobs there are of each state. */
export type JobCounts = Readonly<Record<JobState, number>>;

/** What a job was enqueued with beside what is shown of it. */
export interface JobTerms {
  readonly policy: RetryPolicy;
  /** How long it holds its unique key; `null` when it has none. */
  readonly uniqueWhile: UniqueWhile | null;
}

/** Reading; never writes. */
export interface InspectStore {
  /** One consistent read over all tables: a job moving between them is always seen once. */
  getJob(id: string): Promise<Job | undefined>;
  /** Newest id first, ids below `after` when given; values of more characters than `valuesUpTo` are left out. */
  listJobs(
    query: JobConditions,
    limit: number,
    after?: string,
    valuesUpTo?: number,
  ): Promise<readonly Job[]>;
  /** The values of jobs as they are stored, each cut after so many characters; newest id first. */
  readTexts(ids: readonly string[], upTo?: number): Promise<readonly JobTexts[]>;
  /** What a job was enqueued with; `undefined` when there is none of the id. */
  readTerms(id: string): Promise<JobTerms | undefined>;
  countJobs(query: JobConditions): Promise<JobCounts>;
  /** The same counts, and the newest of those jobs. Not one consistent view. */
  previewJobs(
    query: JobConditions,
    limit: number,
  ): Promise<{ readonly byState: JobCounts; readonly sample: readonly Job[] }>;
  /** Of these jobs, those that have finished and those that do not exist. One query. */
  findEnds(ids: readonly string[]): Promise<{
    readonly ends: readonly JobEnd[];
    readonly missing: readonly string[];
  }>;
  /** Every queue that has jobs, settings or workers, by name; only this one when a name is given. */
  listQueues(name?: string): Promise<readonly QueueRecord[]>;
  /** Every queue with settings, workers, or jobs that are available or blocked. Its cost is that of the queues, however many jobs there are. */
  readGauges(now: number): Promise<readonly QueueGauges[]>;
  /** Counts the jobs that have not finished; finished ones cost nothing. Looks at each of them: for now and then, not for every second. Not one consistent view. */
  countUnfinished(): Promise<readonly JobCount[]>;
  /** What is around a job: who goes before it, who holds what it waits for or wants. Not one consistent view. */
  lookAround(job: Job, now: number): Promise<Surroundings>;
  /** How far a queue is up the throttle curve. */
  getCooling(queue: string): Promise<Cooling>;
}
