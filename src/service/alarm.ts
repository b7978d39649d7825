import type { Clock } from "../core/clock.ts";

/** Rings once, at the earliest of the moments it was set to. */
export interface Alarm {
  /** In milliseconds since the epoch, by the injected clock, so that a manual one drives it; at once when that is past. */
  set(at: number): void;
  /** Forgets every moment. */
  clear(): void;
}

const nothing = (): void => {};

/** An alarm that is not set. */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let earliest = Number.POSITIVE_INFINITY;
  let forget = nothing;

  function clear(): void {
    forget();
    forget = nothing;
    earliest = Number.POSITIVE_INFINITY;
  }

  return {
    clear,
    set(at) {
      if (at >= earliest) return;
      clear();
      earliest = at;
      const inMs = at - clock.now();
      if (inMs <= 0) ring();
      else forget = clock.after(inMs, ring);
    },
  };
}
