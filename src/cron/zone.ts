import { HoldfastError } from "../core/errors.ts";

/**
 * The clocks of one time zone. Wall time is written as if it were UTC: milliseconds of the moment at which a clock in UTC shows
 * the same. It never goes back here: in the hour that clocks show twice, it stands still the second time.
 */
export interface Zone {
  /** The latest wall time that clocks have shown at or before a moment. */
  wallAt(moment: number): number;
  /** When clocks first show a wall time; the first moment after it when they leave it out. */
  momentOf(wall: number): number;
}

const hour = 3_600_000;

/** No zone is further from UTC than this, and no change of its clocks is longer. */
const farMs = 26 * hour;

/**
 * Opens a zone.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for a name the platform does not know.
 */
export function openZone(name: string): Zone {
  const offsetAt = offsetsOf(name);

  /** The moment between two at which the clocks are changed, to the second. */
  function changeBetween(before: number, after: number): number {
    const old = offsetAt(before);
    let low = Math.floor(before / 1_000);
    let high = Math.ceil(after / 1_000);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle * 1_000) === old) low = middle;
      else high = middle;
    }
    return high * 1_000;
  }

  return {
    wallAt(moment) {
      const offset = offsetAt(moment);
      const before = offsetAt(moment - farMs);
      if (before <= offset) return moment + offset;
      // Set back a short while ago: what clocks show now, they may have shown before.
      const change = changeBetween(moment - farMs, moment);
      return Math.max(moment + offset, change - 1 + before);
    },
    momentOf(wall) {
      const before = offsetAt(wall - farMs);
      const after = offsetAt(wall + farMs);
      if (offsetAt(wall - before) === before) return wall - before;
      if (offsetAt(wall - after) === after) return wall - after;
      return changeBetween(wall - farMs, wall + farMs);
    },
  };
}

type Offset = (moment: number) => number;

function offsetsOf(name: string): Offset {
  const format = formatOf(name);
  return (moment) => {
    // Whole seconds, for parts of one are not told.
    const second = Math.floor(moment / 1_000) * 1_000;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(second)) parts[type] = Number(value);
    const {
      year = 0,
      month = 1,
      day = 1,
      hour: hours = 0,
      minute = 0,
      second: seconds = 0,
    } = parts;
    return Date.UTC(year, month - 1, day, hours, minute, seconds) - second;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    // Some platforms take an offset for a zone; others, in the same fleet, would not.
    if (/^[+-]/.test(timeZone)) throw new RangeError("an offset is no zone");
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `timeZone must be an IANA time zone such as "Europe/Berlin" or "UTC"; got ${JSON.stringify(timeZone.slice(0, 80))}.`,
      { details: { option: "timeZone" }, cause: error },
    );
  }
}
