import { type Duration, parseDuration } from "../core/duration.ts";

/** The longest pause one timer of the platform can take, some 24 days: nothing here waits longer. */
const longestMs = 2_147_483_647;

/**
 * Reads how long something may take, for a timer.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the option.
 */
export function timeSpan(value: Duration, option: string): number {
  return Math.min(parseDuration(value, option), longestMs);
}
