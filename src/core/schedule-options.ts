import { checkOptions, isWhole, type OptionRule, oneOf, rule } from "./check-options.ts";
import { defaults } from "./defaults.ts";
import { jobSettingRules } from "./enqueue-options.ts";
import { HoldfastError } from "./errors.ts";
import type { NewJob } from "./new-job.ts";
import { planFormat, scheduledJob, type SchedulePlan } from "./schedule-plan.ts";
import { readRule, type ScheduleRule, timingRules } from "./schedule-rule.ts";
import type { ApplyOptions, ScheduleOptions } from "./schedules-client.ts";

/** Leaves room for what tags put before it. */
const longestName = 200;

const nameRule: OptionRule = {
  is: `text of 1 to ${longestName} characters without NUL`,
  test: (value) => rule.text.test(value) && String(value).length <= longestName,
};

const rules: Readonly<Record<keyof ScheduleOptions, OptionRule>> = {
  name: nameRule,
  ...timingRules,
  job: {
    is: "a definition made by defineJob, or a job's name",
    test: (value) => rule.object.test(value) || rule.text.test(value),
  },
  payload: rule.any,
  options: rule.object,
  missed: oneOf("skip", "once", "all"),
  maxMissed: { is: "a whole number from 1 to 1000", test: (value) => isWhole(value, 1, 1_000) },
  overlap: oneOf("allow", "skip"),
};

const jobRules: Readonly<Record<string, OptionRule>> = { ...jobSettingRules, lane: rule.text };

/**
 * Checks what is declared of a schedule, and gives its rule; `where` is what the caller calls it.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readScheduleOptions(where: string, given: ScheduleOptions<never>): ScheduleRule {
  checkOptions(where, given, rules);
  const { name, job, cron, timeZone, every, anchor, options, missed, maxMissed } = given;
  if (name === undefined) throw invalid(where, `it needs a name: ${nameRule.is}.`);
  const called = `${where}: ${JSON.stringify(name)}`;
  if (job === undefined) throw invalid(called, "it needs the job that each tick makes.");
  if (options !== undefined) checkOptions(`${called}: options`, options, jobRules);
  if (maxMissed !== undefined && missed !== "all") {
    throw invalid(called, 'maxMissed goes with missed: "all".');
  }
  return readRule(called, {
    ...(cron === undefined ? {} : { cron }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(every === undefined ? {} : { every }),
    ...(anchor === undefined ? {} : { anchor }),
  });
}

/** What is stored of a schedule that was checked, its job being built. */
export function planSchedule(
  { missed = "once", maxMissed, overlap = "allow" }: ScheduleOptions<never>,
  timing: ScheduleRule,
  job: NewJob,
): SchedulePlan {
  return {
    format: planFormat,
    rule: timing,
    job: scheduledJob(job),
    missed,
    maxMissed: maxMissed ?? defaults.missedTicks,
    overlap,
  };
}

const applyRules: Readonly<Record<keyof ApplyOptions, OptionRule>> = {
  group: rule.text,
  version: {
    is: "a whole number, or a Date",
    test: (value) => (value instanceof Date || typeof value === "number") && isVersion(value),
  },
};

function isVersion(value: Date | number): boolean {
  return isWhole(Number(value), 0);
}

/**
 * Checks whose schedules are declared and by which deploy.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readApplyOptions(
  where: string,
  options: ApplyOptions,
): { readonly group: string; readonly version: number | null } {
  checkOptions(where, options, applyRules);
  const { group = defaults.scheduleGroup, version } = options;
  return { group, version: version === undefined ? null : Number(version) };
}

/**
 * Checks the name of a schedule.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function checkScheduleName(where: string, name: unknown): asserts name is string {
  if (!nameRule.test(name)) throw invalid(where, `a schedule's name must be ${nameRule.is}.`);
}

function invalid(where: string, message: string): HoldfastError {
  return new HoldfastError("INVALID_OPTION", `${where}: ${message}`);
}
