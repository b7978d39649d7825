import { kindOf } from "../core/check-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { NewJob } from "../core/new-job.ts";
import type { WantedSchedule } from "../core/schedule-change.ts";
import { planSchedule, readScheduleOptions } from "../core/schedule-options.ts";
import type { ScheduleOptions } from "../core/schedules-client.ts";
import { ticksOf } from "../cron/rule-ticks.ts";
import type { ScopeBook } from "../service/scope-book.ts";
import { type BuildParts, buildJob } from "./build-jobs.ts";

/** What building a schedule works with. */
export interface BuildScheduleParts extends BuildParts {
  readonly scopes: ScopeBook;
}

/**
 * Checks what is declared of one schedule and builds its job, as each tick is to make it.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `DUPLICATE_DEFINITION`, `PAYLOAD_INVALID`, `PAYLOAD_TOO_LARGE`, naming the schedule.
 */
export async function buildSchedule(
  parts: BuildScheduleParts,
  where: string,
  given: ScheduleOptions<never>,
): Promise<WantedSchedule> {
  const rule = readScheduleOptions(where, given);
  const { name, job: target, payload, options = {} } = given;
  try {
    const next = ticksOf(rule);
    if (next(parts.clock.now()) === null) throw endless();
    const built: NewJob = await buildJob(parts, target, payload, options);
    // Limits are there before the first tick.
    if (typeof target !== "string" && target.limits.length > 0)
      await parts.scopes.ensure(target.limits);
    return { name, plan: JSON.stringify(planSchedule(given, rule, built)), next };
  } catch (error) {
    throw naming(error, where, name);
  }
}

/**
 * Builds the schedules of a list, each of its own name.
 *
 * @throws {HoldfastError} what `buildSchedule` throws.
 */
export async function buildSchedules(
  parts: BuildScheduleParts,
  where: string,
  list: unknown,
): Promise<readonly WantedSchedule[]> {
  if (!Array.isArray(list)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `${where} takes a list of schedules; got ${kindOf(list)}.`,
    );
  }
  const wanted = new Map<string, WantedSchedule>();
  for (const given of list as readonly ScheduleOptions<never>[]) {
    const built = await buildSchedule(parts, where, given);
    if (wanted.has(built.name)) throw twice(where, built.name);
    wanted.set(built.name, built);
  }
  return [...wanted.values()];
}

function endless(): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    "it never ticks again; a moment that comes once is a job with runAt.",
  );
}

function twice(where: string, name: string): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `${where}: two schedules are called ${JSON.stringify(name)}; give each a name of its own.`,
  );
}

function naming(error: unknown, where: string, name: string): unknown {
  if (!(error instanceof HoldfastError)) return error;
  return new HoldfastError(error.code, `${where}: ${JSON.stringify(name)}: ${error.message}`, {
    details: { ...error.details, schedule: name },
    cause: error,
  });
}
