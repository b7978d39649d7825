import type { Clock } from "../core/clock.ts";

/** What a process remembers of schedules from one look at them to the next. */
export interface ScheduleBook {
  /** Schedules that are left to newer code. */
  passedOver(): readonly string[];
  /** Leaves one to newer code for a minute, for it may be declared anew; true the first time. */
  passOver(name: string): boolean;
  /** Counts a try that failed with what passes by itself, mostly; true once that happened too often in a row. */
  struggles(name: string): boolean;
  /** Forgets the failures of one that was fired. */
  succeeded(name: string): void;
}

const passedOverMs = 60_000;
/** Once more may be bad luck; a key that is locked at every try is somebody's doing. */
const mostStruggles = 3;

/** A book with nothing in it. */
export function createScheduleBook(clock: Pick<Clock, "now">): ScheduleBook {
  const left = new Map<string, number>();
  const tries = new Map<string, number>();
  return {
    passedOver() {
      const now = clock.now();
      return [...left].filter(([, until]) => until > now).map(([name]) => name);
    },
    passOver(name) {
      const isNew = !left.has(name);
      left.set(name, clock.now() + passedOverMs);
      return isNew;
    },
    struggles(name) {
      const count = (tries.get(name) ?? 0) + 1;
      tries.set(name, count);
      return count >= mostStruggles;
    },
    succeeded: (name) => void tries.delete(name),
  };
}
