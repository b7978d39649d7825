import { Cron } from "croner";
import type { NextTick } from "../core/schedule-ticks.ts";
import { invalidCron, readCron } from "./cron-text.ts";
import { openZone } from "./zone.ts";

/**
 * The ticks of a cron expression by the clocks of a zone.
 *
 * An expression that names its times of day ticks once a day at each, whatever the clocks do: a time that is left out when they are
 * set forward ticks at the first moment after it (several such times, or one that is named besides, once), and one that comes
 * twice when they are set back ticks the first time. Any other expression ticks by the time that passes: what is left out does
 * not tick, and what comes twice ticks twice.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for an expression or a zone that is none.
 */
export function cronTicks(cron: string, timeZone: string): NextTick {
  const { pattern, fixed } = readCron(cron);
  const zone = openZone(timeZone);
  if (!fixed) return matching(cron, pattern, timeZone);
  const onTheWall = matching(cron, pattern, "UTC");
  return (after) => {
    const wall = onTheWall(zone.wallAt(after));
    return wall === null ? null : zone.momentOf(wall);
  };
}

function matching(cron: string, pattern: string, timezone: string): NextTick {
  try {
    const expression = new Cron(pattern, { timezone, paused: true });
    return (after) => expression.nextRun(new Date(after))?.getTime() ?? null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalidCron(cron, why.replace(/^Cron\w+: /, "").replace(/\.$/, ""), error);
  }
}
