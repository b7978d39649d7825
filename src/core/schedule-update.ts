import { checkOptions, type OptionRule, oneOf, rule } from "./check-options.ts";
import type { Duration } from "./duration.ts";
import { HoldfastError } from "./errors.ts";
import { encodePayload } from "./new-job.ts";
import type { OperatorOptions } from "./queues-client.ts";
import type { MissedTicks, Overlap, SchedulePlan } from "./schedule-plan.ts";
import { readRule, type ScheduleRule, timingRules } from "./schedule-rule.ts";

/** What to change of a schedule made by hand; what is left out stays. */
export interface ScheduleUpdate extends OperatorOptions {
  /** Replaces when it ticks; its time zone stays unless one is given. */
  readonly cron?: string;
  readonly timeZone?: string;
  /** Replaces when it ticks; its anchor stays. */
  readonly every?: Duration;
  /** Replaces the payload of the jobs to come; their unique key, lane and limits stay those that were declared. */
  readonly payload?: unknown;
  readonly missed?: MissedTicks;
  readonly overlap?: Overlap;
}

const rules: Readonly<Record<keyof ScheduleUpdate, OptionRule>> = {
  cron: timingRules.cron,
  timeZone: timingRules.timeZone,
  every: rule.any,
  payload: rule.any,
  missed: oneOf("skip", "once", "all"),
  overlap: oneOf("allow", "skip"),
  by: rule.note,
};

/**
 * The plan with a change made to it.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, also for a change of nothing; `PAYLOAD_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export function updatePlan(
  where: string,
  plan: SchedulePlan,
  change: ScheduleUpdate,
): SchedulePlan {
  checkOptions(where, change, rules);
  const { payload, missed = plan.missed, overlap = plan.overlap } = change;
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  if (given.every(([name]) => name === "by")) {
    const known = Object.keys(rules).join(", ");
    throw new HoldfastError(
      "INVALID_OPTION",
      `${where} was given nothing to change; give one or more of ${known}.`,
    );
  }
  const job = payload === undefined ? plan.job : { ...plan.job, payload: encodePayload(payload) };
  return { ...plan, job, missed, overlap, rule: ruleOf(where, plan.rule, change) };
}

function ruleOf(where: string, old: ScheduleRule, change: ScheduleUpdate): ScheduleRule {
  const { cron, timeZone, every } = change;
  if (cron === undefined && timeZone === undefined && every === undefined) return old;
  if (every !== undefined) {
    const anchor = "everyMs" in old ? { anchor: old.anchor } : {};
    return readRule(where, { every, ...anchor, ...defined({ cron, timeZone }) });
  }
  if ("everyMs" in old)
    return readRule(where, {
      ...(cron === undefined ? { every: old.everyMs } : {}),
      ...defined({ cron, timeZone }),
    });
  return readRule(where, { ...old, ...defined({ cron, timeZone }) });
}

function defined(given: {
  readonly cron: string | undefined;
  readonly timeZone: string | undefined;
}) {
  const { cron, timeZone } = given;
  return {
    ...(cron === undefined ? {} : { cron }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}
