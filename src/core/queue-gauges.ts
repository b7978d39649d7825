import type { QueueSettings } from "./queue.ts";
import type { JobState } from "./job.ts";

/** How a queue stands, as far as that is known without counting its jobs. Times are milliseconds since the epoch. */
export interface QueueGauges extends Pick<QueueSettings, "concurrency" | "maxRunning"> {
  readonly name: string;
  readonly paused: boolean;
  /** Until when a throttled handler has closed it; `null` when none has. */
  readonly closedUntil: number | null;
  /**
   * Since when the first of its lines has been due: of each priority the first job that is available, and of the jobs due and not
   * made available yet the first. `null` when nobody could run anything. Jobs that wait at a gate are left out, as no worker could help them.
   */
  readonly dueSince: number | null;
}

/** How many jobs of a queue are in a state. */
export interface JobCount {
  readonly queue: string;
  readonly state: Exclude<JobState, "completed" | "cancelled" | "discarded">;
  readonly jobs: number;
}
