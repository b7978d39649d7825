import type { EnqueueReceipt } from "../../core/enqueue-options.ts";
import type { NewJob } from "../../core/new-job.ts";
import type { GroupChange, ScheduleChange } from "../../core/schedule-change.ts";
import type { ScheduleGroup, ScheduleRecord } from "../../core/schedule.ts";

/** Schedules that have something to do. */
export interface DueSchedules {
  /** Those due, longest first. */
  readonly due: readonly ScheduleRecord[];
  /** When the next of the others is due; `null` when none waits. */
  readonly nextDueAt: number | null;
}

/** What became of the ticks of a schedule. */
export interface FireAnswer {
  /** The schedule as it was written. */
  readonly schedule: ScheduleRecord;
  /** One for each job, in order. */
  readonly receipts: readonly EnqueueReceipt[];
}

/**
 * Recurring rules. Every write is a compare-and-set on the revision that was seen, so that any number of processes may decide the
 * same at once, and one of them does it.
 */
export interface ScheduleStore {
  /** One schedule; `undefined` when there is none of the name. */
  getSchedule(name: string): Promise<ScheduleRecord | undefined>;
  /** All schedules and all groups, by name, as they are at one moment. */
  listSchedules(): Promise<{
    readonly schedules: readonly ScheduleRecord[];
    readonly groups: readonly ScheduleGroup[];
  }>;
  /** Schedules due at `now`, at most `limit`, without those named in `except`. Locks nothing. */
  findDueSchedules(limit: number, now: number, except?: readonly string[]): Promise<DueSchedules>;
  /**
   * Writes changes, all or none: false when one of the schedules, or the group, is no longer what was seen. Each write raises a
   * revision by one.
   */
  changeSchedules(changes: readonly ScheduleChange[], group?: GroupChange): Promise<boolean>;
  /**
   * Writes one schedule and stores the jobs of its ticks in the same transaction; `complete` is given their receipts and says what
   * is written of the schedule. `undefined`, and nothing is written, when the schedule is no longer what was seen, or somebody else
   * is writing it. Whoever waits for the jobs is told with the commit.
   *
   * @throws {HoldfastError} what `insertJobs` throws; nothing is written then.
   */
  fireSchedule(
    change: { readonly name: string; readonly from: ScheduleRecord },
    jobs: readonly NewJob[],
    complete: (receipts: readonly EnqueueReceipt[]) => ScheduleRecord,
  ): Promise<FireAnswer | undefined>;
}
