import { HoldfastError } from "./errors.ts";
import type { Gate } from "./gate.ts";
import type { NewJob } from "./new-job.ts";
import type { ScheduleRule } from "./schedule-rule.ts";
import { tickTags } from "./schedule-tags.ts";
import type { UniqueClaim } from "./unique.ts";

/**
 * What becomes of ticks that nobody could fire within a minute: nothing, one job that stands for them all, or a job for each of
 * the newest.
 */
export type MissedTicks = "skip" | "once" | "all";

/** What a tick does while the job of the tick before has not finished. */
export type Overlap = "allow" | "skip";

/** The job each tick makes, complete but for its times, so that any process can make it. */
export interface ScheduledJob
  extends Pick<NewJob, "name" | "version" | "queue" | "priority" | "payload" | "policy" | "tags"> {
  readonly unique: ScheduledClaim | null;
  readonly gates: readonly Gate[];
}

/** A claim on a unique key that is made anew at each tick. */
export interface ScheduledClaim extends Omit<UniqueClaim, "until"> {
  readonly withinMs: number | null;
}

/** All that was declared of a schedule, as it is stored: two schedules are declared alike when the texts of their plans are the same. */
export interface SchedulePlan {
  readonly format: number;
  readonly rule: ScheduleRule;
  readonly job: ScheduledJob;
  readonly missed: MissedTicks;
  readonly maxMissed: number;
  readonly overlap: Overlap;
}

/** The newest format of a plan that this code can carry out. */
export const planFormat = 1;

/** The plan of a stored text; `undefined` for what is none, as after an edit by hand that went wrong. */
export function parsePlan(text: string): SchedulePlan | undefined {
  try {
    const plan: unknown = JSON.parse(text);
    return isPlan(plan) ? plan : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The plan of a stored text.
 *
 * @throws {HoldfastError} `SCHEDULE_FAILED` for what is none.
 */
export function readPlan(text: string): SchedulePlan {
  const plan = parsePlan(text);
  if (plan !== undefined) return plan;
  throw new HoldfastError(
    "SCHEDULE_FAILED",
    "What is stored of this schedule cannot be read; declare it again.",
  );
}

/** True when newer code wrote a plan that only such code carries out. */
export function isNewer({ format }: SchedulePlan): boolean {
  return format > planFormat;
}

function isPlan(value: unknown): value is SchedulePlan {
  const { format, rule, job } = membersOf(value);
  const { name, payload, tags } = membersOf(job);
  const strings = [name, payload].every((each) => typeof each === "string");
  return typeof format === "number" && strings && Array.isArray(tags) && isRule(membersOf(rule));
}

function isRule({ cron, timeZone, everyMs, anchor }: Readonly<Record<string, unknown>>): boolean {
  const byCron = typeof cron === "string" && typeof timeZone === "string";
  return byCron || (typeof everyMs === "number" && everyMs > 0 && typeof anchor === "number");
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** A job as each tick is to make it. */
export function scheduledJob(job: NewJob): ScheduledJob {
  const { name, version, queue, priority, payload, policy, tags, unique, gates = [] } = job;
  const claim = unique === null ? null : claimWithin(unique, job.createdAt);
  return { name, version, queue, priority, payload, policy, tags, unique: claim, gates };
}

function claimWithin({ until, ...claim }: UniqueClaim, now: number): ScheduledClaim {
  return { ...claim, withinMs: until === null ? null : until - now };
}

/** The job of one tick: due when the schedule says, which is now or was before. */
export function jobOfTick(
  { unique, gates, tags, ...job }: ScheduledJob,
  schedule: string,
  at: number,
  now: number,
): NewJob {
  const made: NewJob = {
    ...job,
    createdAt: now,
    runAt: at,
    tags: [...tags, ...tickTags(schedule, at)],
    unique: unique === null ? null : claimFrom(unique, now),
  };
  return gates.length === 0 ? made : { ...made, gates };
}

function claimFrom({ withinMs, ...claim }: ScheduledClaim, now: number): UniqueClaim {
  return { ...claim, until: withinMs === null ? null : now + withinMs };
}
