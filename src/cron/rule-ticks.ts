import type { ScheduleRule } from "../core/schedule-rule.ts";
import { type NextTick, steadyTicks } from "../core/schedule-ticks.ts";
import { cronTicks } from "./cron-ticks.ts";

/** Expressions are dear to read, and an application has few. */
const known = new Map<string, NextTick>();
const mostKnown = 1_000;

/**
 * The ticks of a rule.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for a cron expression or a time zone that is none.
 */
export function ticksOf(rule: ScheduleRule): NextTick {
  if ("everyMs" in rule) return steadyTicks(rule.everyMs, rule.anchor);
  const key = `${rule.timeZone} ${rule.cron}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const ticks = cronTicks(rule.cron, rule.timeZone);
  if (known.size >= mostKnown) known.clear();
  known.set(key, ticks);
  return ticks;
}
