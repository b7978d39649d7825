import type { Clock } from "../core/clock.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import { readStart } from "./clock-start.ts";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves time forward, stopping at every timer on the way in order of time and letting what it wakes run.
   */
  advance(by: Duration): Promise<void>;
  /**
   * Moves time to a moment, like `advance`.
   *
   * @throws {HoldfastError} `INVALID_OPTION` for a moment in the past.
   */
  advanceTo(time: Date | number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * Makes a clock that drives everything a client and its workers do by time: delays, retries, timeouts, throttles and
 * retention. Pass it to `createClient` as `clock`. Leases and heartbeats go on in real time, so a frozen clock never loses a
 * live job. Starts at 2026-01-01 unless told.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for a start that is no moment.
 * @example
 * ```ts
 * const clock = createManualClock();
 * const client = await createClient("sqlite::memory:", { clock });
 * await client.enqueue("report", {}, { delay: "1h" });
 * await clock.advance("1h");
 * ```
 */
export function createManualClock(start?: Date | number): ManualClock {
  let now = readStart(start);
  const timers = new Set<Timer>();

  function next(until: number): Timer | undefined {
    const due = [...timers].filter(({ at }) => at <= until);
    return due.sort((a, b) => a.at - b.at)[0];
  }

  async function moveTo(time: number): Promise<void> {
    if (!(time >= now)) {
      throw new HoldfastError("INVALID_OPTION", "A manual clock only moves forward.");
    }
    for (let timer = next(time); timer !== undefined; timer = next(time)) {
      timers.delete(timer);
      now = Math.max(now, timer.at);
      timer.callback();
      await turn();
    }
    // What a timer woke may have moved it on.
    now = Math.max(now, time);
    await turn();
  }

  return {
    now: () => now,
    after(ms, callback) {
      const timer: Timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: async (by) => moveTo(now + parseDuration(by, "advance")),
    advanceTo: (time) => moveTo(Number(time)),
  };
}

/** True for a clock made by `createManualClock`, or one that can be moved as it can. */
export function isManualClock(clock: Clock): clock is ManualClock {
  return "advanceTo" in clock && typeof clock.advanceTo === "function";
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
