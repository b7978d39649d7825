import type { Attempt } from "../../core/attempt.ts";
import type { Gate } from "../../core/gate.ts";
import type { JobExplanation } from "../../core/explain.ts";
import type { Job, JobState } from "../../core/job.ts";
import type { LogLine } from "../../core/log-line.ts";

/** A job in a list. Times are milliseconds since the epoch. */
export interface JobRow
  extends Pick<
    Job,
    | "id"
    | "name"
    | "queue"
    | "priority"
    | "state"
    | "attempt"
    | "crashes"
    | "worker"
    | "createdAt"
    | "runAt"
    | "claimedAt"
    | "finishedAt"
    | "tags"
    | "waitingFor"
    | "progress"
  > {
  /** The beginning of the payload as JSON text, redacted, at most 200 characters. */
  readonly payload: string;
  /** The first line of the newest attempt's error, or of the reason it ended for. */
  readonly error: string | null;
  /** True when a running job was asked to stop. */
  readonly cancelling: boolean;
}

/** `GET api/jobs?q=&limit=&after=`: a page, newest first. */
export interface JobsAnswer {
  readonly jobs: readonly JobRow[];
  /** Pass it as `after` for the next page; `null` on the last. */
  readonly next: string | null;
  /** True when the page is short because enough was looked at for one request: go on with `next`. */
  readonly partial: boolean;
  /** Up to when jobs were looked at, for the words beside a partial page. */
  readonly searchedTo: number | null;
  readonly now: number;
}

/** How many; `atLeast` when counting stopped there. */
export interface Counted {
  readonly count: number;
  readonly atLeast: boolean;
}

/** `GET api/jobs/counts?q=`: the filter's jobs by state, whatever states it names itself. */
export interface JobCountsAnswer {
  readonly states: Readonly<Record<JobState, Counted>>;
  /** Those that the filter as it is matches. */
  readonly matching: Counted;
}

/**
 * `GET api/jobs/values?field=name|queue|tag|payload&path=&prefix=`: what the search field offers. Of a payload both the keys that follow
 * `path` and the values there, as far as they begin with `prefix`.
 */
export interface JobValuesAnswer {
  readonly values: readonly JobValue[];
}

export interface JobValue {
  /** As it is to stand in the filter. */
  readonly text: string;
  /**
   * `value` is one that could stand after the colon. `path` is a key of a payload, with the dot or the colon that follows it: `user.` leads
   * on to other keys, `id:` to values.
   */
  readonly kind: "path" | "value";
}

/** `GET api/jobs/:id`: everything about a job. JSON values are text, so that integers of any size stay exact; redacted. */
export interface JobAnswer
  extends Omit<Job, "payload" | "result" | "checkpoint" | "progress" | "attempts" | "gates"> {
  readonly payload: string;
  readonly result: string | null;
  readonly checkpoint: string | null;
  readonly progress: string | null;
  readonly attempts: readonly Attempt[];
  readonly gates: readonly Gate[];
  /** What was left out for this reader, as paths such as `payload.card.number`. */
  readonly redacted: readonly string[];
  readonly now: number;
}

/** `GET api/jobs/:id/explain`. */
export type JobExplainAnswer = JobExplanation;

/** `GET api/jobs/:id/logs`. */
export interface JobLogsAnswer {
  readonly lines: readonly LogLine[];
}

/** `GET api/jobs/:id/recent`: the newest jobs of the same name, newest first, for the bars. */
export interface JobRecentAnswer {
  readonly jobs: readonly {
    readonly id: string;
    readonly state: JobState;
    /** How long the newest attempt ran; `null` when none did. */
    readonly ranMs: number | null;
    readonly at: number;
  }[];
}

/**
 * `POST api/jobs`: a new job by name; with `duplicateOf` everything comes from that job where it is left out, but for its unique key, which
 * comes `withUniqueKey` only.
 */
export interface EnqueueBody {
  readonly name?: string;
  /** JSON text, so that integers of any size stay exact. */
  readonly payload?: string;
  readonly queue?: string;
  readonly priority?: number;
  readonly delay?: string;
  readonly tags?: readonly string[];
  readonly duplicateOf?: string;
  readonly withUniqueKey?: boolean;
}

export interface EnqueueAnswer {
  readonly id: string;
}

/** `POST api/jobs/:id/cancel`. */
export interface CancelBody {
  readonly why?: string;
}

export interface CancelAnswer {
  readonly outcome: "cancelled" | "cancelling" | "finished";
}

/** `POST api/jobs/:id/update`: what is left out stays. */
export interface UpdateJobBody {
  /** JSON text. */
  readonly payload?: string;
  readonly queue?: string;
  readonly priority?: number;
  readonly delay?: string;
  readonly tags?: readonly string[];
}
