import { defaults } from "./defaults.ts";
import type { EnqueueReceipt } from "./enqueue-options.ts";
import { isHoldfastError } from "./errors.ts";
import type { NewJob } from "./new-job.ts";
import type { ScheduleRecord, TickOutcome } from "./schedule.ts";
import { jobOfTick, type SchedulePlan } from "./schedule-plan.ts";
import { newestTicks, type NextTick, type Stretch, ticksIn } from "./schedule-ticks.ts";

/** What is known when a schedule is due. */
export interface DueFacts {
  readonly now: number;
  readonly next: NextTick;
  /** True while the job of the tick before has not finished; only asked of schedules whose jobs may not overlap. */
  readonly busy: boolean;
}

/** What a schedule that is due has to do. */
export interface Firing {
  /** The ticks that make a job each, oldest first. */
  readonly ticks: readonly number[];
  /** Their jobs. */
  readonly jobs: readonly NewJob[];
  /** The schedule afterwards, but for what became of its jobs. */
  readonly to: ScheduleRecord;
  /** True when ticks were missed that make no job. */
  readonly dropped: boolean;
}

/**
 * Decides what the ticks that are due come to. A tick is in time for a minute; those older than that were missed, and the plan
 * says what becomes of them. Where jobs may not overlap, the newest tick alone makes one, and only when the last has finished.
 */
export function fireDue(record: ScheduleRecord, plan: SchedulePlan, facts: DueFacts): Firing {
  const { now, next, busy } = facts;
  const late = now - defaults.tickGraceMs;
  const due = { from: record.nextAt ?? now, to: now };
  const inTime = ticksIn(next, { from: Math.max(due.from, late), to: now });
  const missed = due.from < late ? missedTicks(plan, next, { from: due.from, to: late - 1 }) : [];
  const wanted = chosen(plan, missed, inTime);
  const ticks = plan.overlap === "allow" ? wanted : busy ? [] : wanted.slice(-1);
  const newest = inTime.at(-1) ?? missed.at(-1) ?? null;
  return {
    ticks,
    jobs: ticks.map((at) => jobOfTick(plan.job, record.name, at, now)),
    to: afterTicks(record, next(now), newest, wanted.length > 0 ? "overlap" : "missed"),
    dropped: due.from < late && ticks[0] !== due.from,
  };
}

/** The newest of the missed, as many as may make jobs, and one at least, to know which was the last. */
function missedTicks(plan: SchedulePlan, next: NextTick, stretch: Stretch): readonly number[] {
  return newestTicks(next, stretch, plan.missed === "all" ? plan.maxMissed : 1);
}

function chosen(
  { missed: policy }: SchedulePlan,
  missed: readonly number[],
  inTime: readonly number[],
): readonly number[] {
  if (policy === "all") return [...missed, ...inTime];
  if (policy === "once" && inTime.length === 0) return missed;
  return inTime;
}

function afterTicks(
  record: ScheduleRecord,
  nextAt: number | null,
  lastAt: number | null,
  lastOutcome: TickOutcome,
): ScheduleRecord {
  return lastAt === null
    ? { ...record, nextAt, dueAt: nextAt }
    : { ...record, nextAt, dueAt: nextAt, lastAt, lastOutcome };
}

/** A schedule whose ticks made these jobs. */
export function fired(to: ScheduleRecord, receipts: readonly EnqueueReceipt[]): ScheduleRecord {
  const newest = receipts.at(-1);
  if (newest === undefined) return to;
  return { ...to, lastJob: newest.id, lastOutcome: newest.outcome, failure: null };
}

const firstRetryMs = 1_000;
const lastRetryMs = 60_000;
const longestMessage = 1_000;

/** A schedule whose tick could not be fired: it stays due, and is tried again after a second, doubling to a minute. */
export function failed(record: ScheduleRecord, error: unknown, now: number): ScheduleRecord {
  const tries = (record.failure?.tries ?? 0) + 1;
  const code = isHoldfastError(error) ? error.code : "SCHEDULE_FAILED";
  const message = (error instanceof Error ? error.message : String(error)).slice(0, longestMessage);
  return {
    ...record,
    failure: { code, message, at: now, tries },
    dueAt: now + Math.min(firstRetryMs * 2 ** (tries - 1), lastRetryMs),
  };
}
