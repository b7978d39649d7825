import { HoldfastError } from "../core/errors.ts";
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
  const ticks = rising(cronTicks(rule.cron, rule.timeZone), rule.cron);
  if (known.size >= mostKnown) known.clear();
  known.set(key, ticks);
  return ticks;
}

/**
 * Ticks that are refused when they do not rise: whoever counts them would count for ever.
 *
 * @throws {HoldfastError} `SCHEDULE_FAILED` from the ticks it gives.
 */
export function rising(next: NextTick, cron: string): NextTick {
  return (after) => {
    const tick = next(after);
    if (tick === null || tick > after) return tick;
    throw new HoldfastError(
      "SCHEDULE_FAILED",
      `The ticks of ${JSON.stringify(cron)} do not rise after ${new Date(after).toISOString()}; please report this, and write the expression in another way.`,
    );
  };
}
