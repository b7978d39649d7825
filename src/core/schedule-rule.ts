import { checkOptions, isWhole, type OptionRule, rule } from "./check-options.ts";
import { type Duration, parseDuration } from "./duration.ts";
import { HoldfastError } from "./errors.ts";

/** When a schedule ticks, as options say it: by a cron expression or by a pause. */
export interface ScheduleTiming {
  /** Five fields, six with seconds first, seven with years last; `L`, `W` and `#` too. Not together with `every`. */
  readonly cron?: string;
  /** The IANA zone whose clock `cron` goes by; default `"UTC"`. */
  readonly timeZone?: string;
  /** Ticks this far apart, at least a second, counted from `anchor`, so that they never drift. */
  readonly every?: Duration;
  /** One moment at which `every` ticks, past or not; default the Unix epoch, so that `"15m"` ticks at each quarter of an hour. */
  readonly anchor?: Date | number;
}

/** When a schedule ticks, as it is stored. Times are milliseconds. */
export type ScheduleRule =
  | { readonly cron: string; readonly timeZone: string }
  | { readonly everyMs: number; readonly anchor: number };

/** The options of a timing, for those who check them among others. */
export const timingRules: Readonly<Record<keyof ScheduleTiming, OptionRule>> = {
  cron: { is: "one cron expression as text", test: (value) => typeof value === "string" },
  timeZone: { is: 'an IANA time zone such as "Europe/Berlin"', test: rule.text.test },
  every: rule.any,
  anchor: {
    is: "a Date or milliseconds since the epoch",
    test: (value) => isWhole(Number(value), -8.64e15, 8.64e15),
  },
};

const leastEveryMs = 1_000;

/**
 * Reads a timing. Whether its cron expression makes sense is for whoever finds its ticks to say.
 *
 * @throws {HoldfastError} `INVALID_OPTION`; `where` is what the caller calls it.
 */
export function readRule(where: string, timing: ScheduleTiming): ScheduleRule {
  const { cron, timeZone, every, anchor } = timing;
  checkOptions(where, { cron, timeZone, every, anchor }, timingRules);
  if ((cron === undefined) === (every === undefined)) {
    throw invalid(where, "it takes either cron or every, to say when it ticks.");
  }
  if (cron !== undefined) {
    if (anchor !== undefined) throw invalid(where, "anchor goes with every, not with cron.");
    return { cron: cron.trim().replaceAll(/\s+/g, " "), timeZone: timeZone ?? "UTC" };
  }
  if (timeZone !== undefined) throw invalid(where, "timeZone goes with cron, not with every.");
  const everyMs = parseDuration(every, `${where}: every`);
  if (everyMs < leastEveryMs) throw invalid(where, 'every must be at least "1s".');
  return { everyMs, anchor: anchor === undefined ? 0 : Number(anchor) };
}

function invalid(where: string, message: string): HoldfastError {
  return new HoldfastError("INVALID_OPTION", `${where}: ${message}`);
}
