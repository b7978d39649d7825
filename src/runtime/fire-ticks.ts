import { HoldfastError, isHoldfastError } from "../core/errors.ts";
import { failed, fired, fireDue } from "../core/schedule-decision.ts";
import { isNewer, readPlan, type SchedulePlan } from "../core/schedule-plan.ts";
import type { ScheduleRecord } from "../core/schedule.ts";
import { ticksOf } from "../cron/rule-ticks.ts";
import type { Engine } from "../service/engine.ts";
import { isUnderWay } from "../service/last-job.ts";
import { createScheduleBook, type ScheduleBook } from "./schedule-book.ts";

/** What one look at the schedules did. */
export interface FirePass {
  /** Schedules whose ticks were fired, or found to have failed. */
  readonly fired: number;
  /** True when some are still due: more than were looked at, or in the hands of others. */
  readonly left: boolean;
  /** When the next schedule known is due; `null` when none is. */
  readonly nextDueAt: number | null;
}

type FireParts = Pick<Engine, "storage" | "clock" | "logger">;

/** How to look. */
export interface FireOptions {
  /** Where among those due to begin, 0 to 1 (default 0), so that processes that wake in the same moment are not all at the same one. */
  readonly startAt?: number;
  /** What is remembered from look to look (default: nothing). */
  readonly book?: ScheduleBook;
}

/** What became of a schedule that was due: as it is afterwards, somebody else's to write, or left to newer code. */
type FireEnd = ScheduleRecord | "others" | "newer";

const batch = 100;

/**
 * Fires the ticks that are due. Any number of processes may do it at once: each schedule is written by compare-and-set in the
 * transaction that stores its jobs. One that fails says so in its row and holds up no other.
 *
 * @throws what the storage throws, after the others were fired.
 */
export async function fireDueTicks(
  parts: FireParts,
  { startAt = 0, book = createScheduleBook(parts.clock) }: FireOptions = {},
): Promise<FirePass> {
  const { storage, clock } = parts;
  const found = await storage.findDueSchedules(batch, clock.now(), book.passedOver());
  const { due, nextDueAt } = found;
  const first = Math.floor(startAt * due.length);
  let next = nextDueAt ?? Number.POSITIVE_INFINITY;
  let firedCount = 0;
  let left = due.length === batch;
  const thrown: unknown[] = [];
  for (const record of [...due.slice(first), ...due.slice(0, first)]) {
    const end = await fireOne(parts, book, record).catch((error: unknown) => {
      if (isEnd(error)) throw error;
      thrown.push(error);
      return "others" as const;
    });
    if (end === "others") left = true;
    if (typeof end === "string") continue;
    firedCount += 1;
    next = Math.min(next, end.dueAt ?? Number.POSITIVE_INFINITY);
  }
  if (thrown.length > 0) throw thrown[0];
  return { fired: firedCount, left, nextDueAt: next < Number.POSITIVE_INFINITY ? next : null };
}

/** Nothing else will do better now. */
function isEnd(error: unknown): boolean {
  return isHoldfastError(error, "STORAGE_UNAVAILABLE") || isHoldfastError(error, "CLIENT_CLOSED");
}

async function fireOne(
  parts: FireParts,
  book: ScheduleBook,
  record: ScheduleRecord,
): Promise<FireEnd> {
  const { name } = record;
  try {
    const plan = readPlan(record.plan);
    if (isNewer(plan)) return leaveToNewer(parts, book, name, plan.format);
    const end = await fire(parts, record, plan);
    book.succeeded(name);
    return end;
  } catch (error) {
    // What passes by itself is no fault of the schedule's, unless it does not pass.
    const mayPass = error instanceof HoldfastError && error.retryable;
    if (isEnd(error) || (mayPass && !book.struggles(name))) throw error;
    return writeFailure(parts, record, error);
  }
}

function leaveToNewer(
  { logger }: FireParts,
  book: ScheduleBook,
  schedule: string,
  format: number,
): "newer" {
  if (book.passOver(schedule)) {
    logger.warn(
      { schedule, format },
      "newer code declared the schedule; this worker leaves its ticks to workers of that code",
    );
  }
  return "newer";
}

async function fire(
  { storage, clock, logger }: FireParts,
  record: ScheduleRecord,
  plan: SchedulePlan,
): Promise<FireEnd> {
  const { name } = record;
  const busy = plan.overlap === "skip" && (await isUnderWay(storage, record.lastJob));
  const facts = { now: clock.now(), next: ticksOf(plan.rule), busy };
  const firing = fireDue(record, plan, facts);
  const answer = await storage.fireSchedule({ name, from: record }, firing.jobs, (receipts) =>
    fired(firing.to, receipts),
  );
  if (answer === undefined) return "others";
  const jobs = answer.receipts.map(({ id }) => id);
  logger.debug({ schedule: name, jobs }, "ticks fired");
  if (firing.dropped) {
    const fields = { schedule: name, since: record.nextAt, missed: plan.missed, jobs: jobs.length };
    logger.warn(fields, "ticks were missed");
  }
  return answer.schedule;
}

async function writeFailure(
  { storage, clock, logger }: FireParts,
  from: ScheduleRecord,
  error: unknown,
): Promise<FireEnd> {
  const to = failed(from, error, clock.now());
  const { name } = from;
  const written = await storage.changeSchedules([{ name, from, to }]);
  if (!written) return "others";
  const level = to.failure?.tries === 1 ? "error" : "warn";
  logger[level](
    { schedule: name, error, tries: to.failure?.tries },
    "a tick could not be fired; trying again",
  );
  return to;
}
