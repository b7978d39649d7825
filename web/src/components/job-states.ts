import type { JobState } from "../../../src/core/job.ts";

/** All states in the order of a job's life; a state that is left out does not compile. */
const order: Readonly<Record<JobState, number>> = {
  scheduled: 0,
  available: 1,
  blocked: 2,
  running: 3,
  retryable: 4,
  completed: 5,
  cancelled: 6,
  discarded: 7,
};

export const jobStates = Object.keys(order) as readonly JobState[];

/** Utility classes for each state: written out, since the style sheet holds only names it finds as text. */
export const stateClasses: Readonly<
  Record<JobState, { readonly badge: string; readonly fill: string; readonly mark: string }>
> = {
  scheduled: {
    badge: "bg-scheduled-tint text-scheduled-ink",
    fill: "bg-scheduled",
    mark: "text-scheduled",
  },
  available: {
    badge: "bg-available-tint text-available-ink",
    fill: "bg-available",
    mark: "text-available",
  },
  blocked: { badge: "bg-blocked-tint text-blocked-ink", fill: "bg-blocked", mark: "text-blocked" },
  running: { badge: "bg-running-tint text-running-ink", fill: "bg-running", mark: "text-running" },
  retryable: {
    badge: "bg-retryable-tint text-retryable-ink",
    fill: "bg-retryable",
    mark: "text-retryable",
  },
  completed: {
    badge: "bg-completed-tint text-completed-ink",
    fill: "bg-completed",
    mark: "text-completed",
  },
  cancelled: {
    badge: "bg-cancelled-tint text-cancelled-ink",
    fill: "bg-cancelled",
    mark: "text-cancelled",
  },
  discarded: {
    badge: "bg-discarded-tint text-discarded-ink",
    fill: "bg-discarded",
    mark: "text-discarded",
  },
};

/** The token of a state's colour, for charts. */
export const stateColor = (state: JobState): string => `--${state}`;
