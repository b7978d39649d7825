import type { JobState } from "../../core/job.ts";
import type { Counted } from "./jobs.ts";

/** Something to look at, worst first. */
export interface Attention {
  readonly kind:
    | "queue-unserved"
    | "queue-paused"
    | "queue-cooling"
    | "schedule-failing"
    | "schedule-overdue"
    | "jobs-rescued"
    | "jobs-discarded"
    | "worker-silent"
    | "worker-version"
    | "limit-undeclared"
    | "doctor";
  readonly severity: "problem" | "warning" | "note";
  /** What it is about: the name of a queue, a schedule, a worker or a finding. */
  readonly subject: string;
  /** A number belonging to it, such as how many jobs were rescued in the last hour. */
  readonly count: number | null;
  /** In English, for kinds the page does not know. */
  readonly text: string;
  /** Where it is seen: a page relative to the dashboard, such as `jobs?q=queue:exports`. */
  readonly link: string;
}

/** A queue's card. */
export interface QueueCard {
  readonly name: string;
  readonly states: Readonly<Partial<Record<JobState, Counted>>>;
  /** Failed attempts in the last hour. */
  readonly failed: number;
  readonly paused: boolean;
  readonly closedUntil: number | null;
  readonly unserved: boolean;
}

/** `GET api/overview`. */
export interface OverviewAnswer {
  readonly attention: readonly Attention[];
  readonly tiles: {
    /** Of the last full minute. */
    readonly completed: number;
    readonly failed: number;
    readonly retried: number;
    readonly waiting: Counted;
    /** How long the job first in line has been due, in milliseconds; `null` when none is. */
    readonly oldestWaitingMs: number | null;
    readonly busy: number;
    readonly places: number;
  };
  readonly queues: readonly QueueCard[];
  /** When each version of Holdfast first reported in lately: marks on the charts. */
  readonly deploys: readonly { readonly at: number; readonly version: string }[];
  readonly now: number;
}
