import type { JobState } from "../../core/job.ts";
import type { Schedule } from "../../core/schedule.ts";

/** A schedule in the table: with the outcomes of its newest jobs, oldest first. */
export interface ScheduleRow extends Omit<Schedule, "job"> {
  /** `payload` is JSON text, redacted. */
  readonly job: {
    readonly name: string;
    readonly payload: string;
    readonly queue: string;
    readonly priority: number;
    readonly tags: readonly string[];
  } | null;
  readonly history: readonly {
    readonly job: string;
    readonly state: JobState;
    readonly at: number;
    readonly ranMs: number | null;
  }[];
}

/** `GET api/schedules`. */
export interface SchedulesAnswer {
  readonly schedules: readonly ScheduleRow[];
  readonly now: number;
}

/** `GET api/schedules/:name`. */
export interface ScheduleAnswer {
  readonly schedule: ScheduleRow;
  readonly ticks: readonly Tick[];
  readonly now: number;
}

/** A moment a schedule is to tick. */
export interface Tick {
  readonly at: number;
  /** The offset of its time zone from UTC then, in minutes; `null` for schedules without a zone. */
  readonly offsetMinutes: number | null;
  /** True when the offset differs from that of the tick before: the clocks were changed in between. */
  readonly clockChange: boolean;
}

/** `POST api/schedules/:name/update`: one made by hand only; what is left out stays. */
export interface UpdateScheduleBody {
  readonly cron?: string;
  readonly timeZone?: string;
  readonly every?: string;
  /** JSON text. */
  readonly payload?: string;
  readonly missed?: "skip" | "once" | "all";
  readonly overlap?: "allow" | "skip";
}

/** `GET api/schedules/:name/ticks?limit=&after=`. */
export interface TicksAnswer {
  readonly ticks: readonly Tick[];
}
