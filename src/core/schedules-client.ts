import type { EnqueueOptions, EnqueueReceipt } from "./enqueue-options.ts";
import type { EnqueueableJob } from "./job-request.ts";
import type { OperatorOptions } from "./queues-client.ts";
import type { MissedTicks, Overlap } from "./schedule-plan.ts";
import type { ScheduleTiming } from "./schedule-rule.ts";
import type { ScheduleUpdate } from "./schedule-update.ts";
import type { Schedule } from "./schedule.ts";

interface ScheduleSettings extends ScheduleTiming {
  /** Its name, at most 200 characters; one name, one schedule. */
  readonly name: string;
  /** Over what the definition says of the job; the tags beside those of the definition. */
  readonly options?: Pick<EnqueueOptions<never>, "queue" | "priority" | "lane" | "tags">;
  /** What becomes of ticks that nobody could fire within a minute; default `"once"`. */
  readonly missed?: MissedTicks;
  /** With `missed: "all"`, how many at most make a job, the newest; default 100, at most 1000. */
  readonly maxMissed?: number;
  /** `"skip"` lets a tick pass while the job of the tick before has not finished; default `"allow"`. */
  readonly overlap?: Overlap;
}

/** A schedule to declare: its name, when it ticks, and the job each tick makes, by its definition or by its name alone. */
export type ScheduleOptions<Input = unknown> =
  | (ScheduleSettings & {
      readonly job: EnqueueableJob<Input>;
      /** The same for every tick; checked now, stored, and checked again when the job runs. */
      readonly payload: NoInfer<Input>;
    })
  | (ScheduleSettings & { readonly job: string; readonly payload?: unknown });

/** Whose schedules are declared, and by which deploy. */
export interface ApplyOptions {
  /** Default `"default"`. Schedules of other groups, and those made by hand, are left alone. */
  readonly group?: string;
  /**
   * A number, or the time of the build, that rises from deploy to deploy. What a deploy has declared, no older one changes, nor one
   * without a version. Without versions the last call wins.
   */
  readonly version?: number | Date;
}

/** What declaring did, by the names of the schedules. */
export interface ApplyAnswer {
  /** `older`: a newer deploy has declared the group's schedules, and nothing was changed. */
  readonly outcome: "applied" | "older";
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Which ticks to look ahead to. */
export interface PreviewOptions {
  /** How many, 1 to 1000; default 10. */
  readonly count?: number;
  /** The ticks after this moment; default now. */
  readonly after?: Date | number;
}

/** Schedules: rules by which jobs are made again and again. Any running worker fires their ticks, and each tick fires once. */
export interface SchedulesClient {
  /**
   * Makes the schedules of a group those listed: adds, changes and removes, all or nothing. What is as listed already is not
   * touched, and a paused schedule stays paused. Call it wherever the application starts.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `PAYLOAD_INVALID`, `PAYLOAD_TOO_LARGE`, `SCHEDULE_TAKEN` when a name belongs to another
   * group or to a schedule made by hand, `STORAGE_*`.
   * @example
   * ```ts
   * await client.schedules.apply(
   *   [{ name: "digest", cron: "0 8 * * 1-5", timeZone: "Europe/Berlin", job: greeting, payload: { email } }],
   *   { group: "mail", version: 42 },
   * );
   * ```
   */
  apply<const Inputs extends readonly unknown[]>(
    schedules: { readonly [Place in keyof Inputs]: ScheduleOptions<Inputs[Place]> },
    options?: ApplyOptions,
  ): Promise<ApplyAnswer>;
  /**
   * Makes or changes one schedule by hand, outside every group.
   *
   * @throws {HoldfastError} what `apply` throws.
   */
  upsert<Input = unknown>(
    schedule: ScheduleOptions<Input>,
    options?: OperatorOptions,
  ): Promise<Schedule>;
  /**
   * Changes a schedule made by hand, all but its job: the settings its job was declared with stay.
   *
   * @throws {HoldfastError} `SCHEDULE_NOT_FOUND`, `SCHEDULE_TAKEN` for one that code declares, `INVALID_OPTION`, `PAYLOAD_INVALID`,
   * `PAYLOAD_TOO_LARGE`, `SCHEDULE_FAILED` when what is stored of it cannot be read, `STORAGE_*`.
   * @example
   * ```ts
   * await client.schedules.update("digest", { cron: "0 9 * * 1-5", overlap: "skip", by: "ada" });
   * ```
   */
  update(name: string, change: ScheduleUpdate): Promise<Schedule>;
  /** The schedule, or `undefined` when there is none of the name. */
  get(name: string): Promise<Schedule | undefined>;
  /** Every schedule, by name. */
  list(): Promise<readonly Schedule[]>;
  /**
   * Lets no tick fire until it is resumed, also when it is declared anew. Jobs already made are untouched. `by` is shown with it.
   *
   * @throws {HoldfastError} `SCHEDULE_NOT_FOUND`, `INVALID_OPTION`, `STORAGE_*`.
   */
  pause(name: string, options?: OperatorOptions): Promise<void>;
  /** Goes on with the next tick from now; those that passed meanwhile are not made up for. Throws as `pause` does. */
  resume(name: string, options?: OperatorOptions): Promise<void>;
  /**
   * Makes the job of a schedule now, besides its ticks, also while it is paused.
   *
   * @throws {HoldfastError} `SCHEDULE_NOT_FOUND`, `SCHEDULE_OVERLAP` when its jobs may not overlap and the last has not finished,
   * what enqueueing throws.
   */
  runNow(name: string, options?: OperatorOptions): Promise<EnqueueReceipt>;
  /**
   * The next ticks of a schedule, or of a timing nobody has declared, in milliseconds since the epoch.
   *
   * @throws {HoldfastError} `SCHEDULE_NOT_FOUND`, `INVALID_OPTION`, `STORAGE_*`.
   * @example
   * ```ts
   * const ticks = await client.schedules.preview({ cron: "0 2 * * *", timeZone: "America/New_York" }, { count: 3 });
   * console.log(ticks.map((at) => new Date(at).toISOString()));
   * ```
   */
  preview(what: string | ScheduleTiming, options?: PreviewOptions): Promise<readonly number[]>;
  /**
   * Removes a schedule; jobs already made are untouched. One that code declares comes back when it is declared again: pause it
   * instead.
   *
   * @throws {HoldfastError} `SCHEDULE_NOT_FOUND`, `INVALID_OPTION`, `STORAGE_*`.
   */
  remove(name: string, options?: OperatorOptions): Promise<void>;
}
