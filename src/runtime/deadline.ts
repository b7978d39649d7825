import type { Clock } from "../core/clock.ts";
import { formatDuration } from "../core/duration.ts";
import type { Abort } from "./abort.ts";

/** Aborts attempts that take longer than their timeout. */
export interface DeadlineWatch {
  /** Watches an attempt that began at `began`; `undefined` when it has no timeout. */
  begin(abort: Abort, timeoutMs: number | null, began: number): Deadline | undefined;
}

/** The moment some attempts must be over. */
export interface Deadline {
  /** The attempt is over. */
  end(abort: Abort): void;
}

/**
 * The watch of one session. Attempts that begin in the same millisecond with the same timeout share a timer: a claim begins
 * hundreds at once. The timer counts from their beginning, so the clock may jump meanwhile.
 */
export function createDeadlineWatch(clock: Clock): DeadlineWatch {
  const newest = new Map<number, SharedDeadline>();

  function open(timeoutMs: number, began: number): SharedDeadline {
    const deadline = new SharedDeadline(began, () => {
      if (newest.get(timeoutMs) === deadline) newest.delete(timeoutMs);
    });
    // What the handler did before it first waited counts.
    deadline.arm(clock, timeoutMs, Math.max(0, timeoutMs - (clock.now() - began)));
    newest.set(timeoutMs, deadline);
    return deadline;
  }

  return {
    begin(abort, timeoutMs, began) {
      if (timeoutMs === null) return undefined;
      const known = newest.get(timeoutMs);
      const deadline = known?.began === began ? known : open(timeoutMs, began);
      deadline.add(abort);
      return deadline;
    },
  };
}

class SharedDeadline implements Deadline {
  readonly began: number;
  readonly #running = new Set<Abort>();
  readonly #close: () => void;
  #disarm = (): void => {};

  /** `close` is called when no further attempt may join. */
  constructor(began: number, close: () => void) {
    this.began = began;
    this.#close = close;
  }

  arm(clock: Clock, timeoutMs: number, leftMs: number): void {
    this.#disarm = clock.after(leftMs, () => {
      this.#close();
      const message = `The attempt took longer than ${formatDuration(timeoutMs)}.`;
      for (const abort of this.#running) abort.abort({ kind: "timeout", message });
    });
  }

  add(abort: Abort): void {
    this.#running.add(abort);
  }

  end(abort: Abort): void {
    if (!this.#running.delete(abort) || this.#running.size > 0) return;
    this.#disarm();
    this.#close();
  }
}
