import { kindOf } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import { startTimer } from "../service/long-timer.ts";
import { readStart } from "./clock-start.ts";

/**
 * Makes a clock that runs by itself, so many times faster than real time; pass it to `createClient` as `clock`. It drives what
 * a manual clock drives; leases and heartbeats go on in real time. Starts at 2026-01-01 unless told.
 *
 * @throws {HoldfastError} `INVALID_OPTION` unless `times` is a finite number above 0.
 * @example
 * ```ts
 * import { createFastClock } from "holdfast/testing";
 *
 * const clock = createFastClock(3_600); // an hour passes in a second
 * const client = await createClient("sqlite::memory:", { clock });
 * ```
 */
export function createFastClock(times: number, start?: Date | number): Clock {
  if (!(times > 0 && times < Number.POSITIVE_INFINITY)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `createFastClock takes a finite number above 0, such as 60 for a minute a second; got ${kindOf(times)}.`,
    );
  }
  const from = readStart(start);
  const began = performance.now();
  const now = (): number => from + Math.floor((performance.now() - began) * times);

  return {
    now,
    after(ms, callback) {
      const dueAt = now() + ms;
      let takeBack = (): void => {};
      function arm(): void {
        const leftMs = Math.max(0, Math.ceil((dueAt - now()) / times));
        // The platform's timers may be a little early, and here a little is much.
        takeBack = startTimer(leftMs, () => (now() < dueAt ? arm() : callback()));
      }
      arm();
      return () => takeBack();
    },
  };
}
