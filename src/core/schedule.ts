import type { JobId } from "./job.ts";
import { defaults } from "./defaults.ts";
import { formatDuration } from "./duration.ts";
import { type MissedTicks, type Overlap, parsePlan, type ScheduledJob } from "./schedule-plan.ts";
import type { ScheduleRule } from "./schedule-rule.ts";

/** What the newest tick came to. */
export type TickOutcome =
  /** It made a job. */
  | "enqueued"
  /** Its job's unique key was held, and the holder stands for it, as it was or rewritten. */
  | "existing"
  | "replaced"
  /** The job of the tick before had not finished. */
  | "overlap"
  /** Nobody could fire it in time. */
  | "missed";

/** Why a schedule's ticks make no jobs now. It is tried again until they do. */
export interface ScheduleFailure {
  readonly code: string;
  readonly message: string;
  /** When it failed last, and how often in a row. */
  readonly at: number;
  readonly tries: number;
}

/** A schedule as the database has it. Times are milliseconds since the epoch. */
export interface ScheduleRecord {
  readonly name: string;
  /** Who declares it; `null` for one made by hand. */
  readonly group: string | null;
  /** A `SchedulePlan` as JSON text. */
  readonly plan: string;
  /** Raised by every write, and never the same again: whoever writes says which one it has seen. */
  readonly revision: number;
  readonly pausedAt: number | null;
  readonly pausedBy: string | null;
  /** When to look at it next: its next tick, or later while that fails. */
  readonly dueAt: number | null;
  /** The tick that is next; `null` while paused, and for one that never ticks again. */
  readonly nextAt: number | null;
  /** The newest tick that is over, whatever it came to. */
  readonly lastAt: number | null;
  readonly lastOutcome: TickOutcome | null;
  /** The newest job it made. */
  readonly lastJob: string | null;
  readonly failure: ScheduleFailure | null;
  readonly createdAt: number;
  /** When what is declared of it changed last. */
  readonly changedAt: number;
}

/** How the declarations of a group stand: by which deploy they are. */
export interface ScheduleGroup {
  readonly name: string;
  /** What `apply` was given last; `null` when it was given none. */
  readonly version: number | null;
  readonly revision: number;
}

/** A recurring rule and how it stands. Times are milliseconds since the epoch. */
export interface Schedule {
  readonly name: string;
  /** Who declares it; `null` for one made by hand. */
  readonly group: string | null;
  /** `failing`: its ticks make no jobs, `failure` says why, and it is tried again. `ended`: it never ticks again. */
  readonly state: "active" | "failing" | "paused" | "ended";
  /** When it ticks, in the one way or the other. */
  readonly cron: string | null;
  readonly timeZone: string | null;
  readonly every: string | null;
  readonly anchor: number | null;
  /** `null` when what is stored cannot be read any more. */
  readonly job: ScheduleJob | null;
  readonly missed: MissedTicks;
  readonly maxMissed: number;
  readonly overlap: Overlap;
  readonly pausedAt: number | null;
  readonly pausedBy: string | null;
  /** The next tick; `null` while paused, and for one that never ticks again. */
  readonly nextAt: number | null;
  /** The newest tick that is over, and what it came to. */
  readonly lastAt: number | null;
  readonly lastOutcome: TickOutcome | null;
  /** The newest job it made. `client.jobs.list({ tag: "schedule:NAME" })` gives them all. */
  readonly lastJob: JobId | null;
  readonly failure: ScheduleFailure | null;
  readonly createdAt: number;
  /** When what is declared of it changed last. */
  readonly changedAt: number;
}

/** The job each tick of a schedule makes. */
export interface ScheduleJob {
  readonly name: string;
  readonly payload: unknown;
  readonly queue: string;
  readonly priority: number;
  readonly tags: readonly string[];
}

/** A schedule as it is shown. */
export function scheduleOf(record: ScheduleRecord): Schedule {
  const { plan: text, revision: _revision, dueAt: _due, ...shown } = record;
  const plan = parsePlan(text);
  return {
    ...shown,
    state: stateOf(record),
    ...(plan === undefined ? unreadable : { ...timingOf(plan.rule), job: jobOf(plan.job) }),
    missed: plan?.missed ?? "once",
    maxMissed: plan?.maxMissed ?? defaults.missedTicks,
    overlap: plan?.overlap ?? "allow",
  };
}

const unreadable = { cron: null, timeZone: null, every: null, anchor: null, job: null };

function timingOf(rule: ScheduleRule) {
  return "cron" in rule
    ? { cron: rule.cron, timeZone: rule.timeZone, every: null, anchor: null }
    : { cron: null, timeZone: null, every: formatDuration(rule.everyMs), anchor: rule.anchor };
}

function jobOf({ name, payload, queue, priority, tags }: ScheduledJob): ScheduleJob {
  return { name, payload: JSON.parse(payload), queue, priority, tags };
}

function stateOf({ pausedAt, nextAt, failure }: ScheduleRecord): Schedule["state"] {
  if (pausedAt !== null) return "paused";
  if (nextAt === null) return "ended";
  return failure === null ? "active" : "failing";
}
