import { ageMs, monotonicMs } from "./payload.ts";
import type { Tally } from "./protocol.ts";
import type { Payload } from "./system.ts";

const reportEveryMs = 10;

/** Counts handled jobs and tells the count at most every 10 ms, so that it costs every system the same little. */
export interface Counter {
  readonly count: (payload: Payload) => void;
  /** Counts the job and never lets its handler end. */
  readonly hold: (payload: Payload) => Promise<void>;
  reset(recordAges: boolean): void;
  tally(sinceMs: number): Tally;
}

export function createCounter(report: (handled: number, lastAt: number) => void): Counter {
  let handled = 0;
  let lastAt = 0;
  let ages: { at: number[]; ms: number[] } | undefined;
  let timer: NodeJS.Timeout | undefined;

  function tell() {
    timer = undefined;
    report(handled, lastAt);
  }

  function count(payload: Payload) {
    lastAt = monotonicMs();
    handled++;
    ages?.at.push(lastAt);
    ages?.ms.push(ageMs(payload));
    timer ??= setTimeout(tell, reportEveryMs);
  }

  return {
    count,
    hold(payload) {
      count(payload);
      return new Promise(() => {});
    },
    reset(recordAges) {
      handled = 0;
      lastAt = 0;
      ages = recordAges ? { at: [], ms: [] } : undefined;
    },
    tally(sinceMs) {
      const kept = ages?.ms.filter((_, index) => (ages?.at[index] ?? 0) >= sinceMs) ?? [];
      return { handled, lastAt, ages: kept };
    },
  };
}
