import { soon } from "./time-limit.ts";

/** Something that is read when it is asked for, by one at a time, and kept for a while. */
export interface Reading<Value> {
  /** What was read within the last while, or is read now; a failure is kept as well. */
  get(): Promise<Value>;
  /** The same if it comes soon, else the last that came, with its age; `undefined` when none ever did. */
  latest(waitMs: number): Promise<{ readonly value: Value; readonly ageMs: number } | undefined>;
}

/** How long a reading is kept. */
export interface ReadingOptions {
  /** For how long, given how long it took to read. */
  readonly keepMs: (tookMs: number) => number;
  /** After this long one under way is given up, and the next who asks begins another. */
  readonly giveUpMs: number;
}

interface Run<Value> {
  readonly began: number;
  readonly outcome: Promise<Value>;
  /** Until when it counts. */
  until: number;
}

/** A reading that nothing was read of yet. */
export function createReading<Value>(
  read: () => Promise<Value>,
  { keepMs, giveUpMs }: ReadingOptions,
): Reading<Value> {
  let run: Run<Value> | undefined;
  let last: { readonly value: Value; readonly at: number } | undefined;

  function begin(now: number): Run<Value> {
    const fresh: Run<Value> = { began: now, outcome: read(), until: now + giveUpMs };
    const end = () => {
      const ended = performance.now();
      fresh.until = ended + keepMs(ended - fresh.began);
    };
    fresh.outcome.then(
      (value) => {
        end();
        last = { value, at: performance.now() };
      },
      () => end(),
    );
    return fresh;
  }

  function current(): Promise<Value> {
    const now = performance.now();
    if (run === undefined || now >= run.until) run = begin(now);
    return run.outcome;
  }

  return {
    get: current,
    async latest(waitMs) {
      await soon(current(), waitMs, () => undefined);
      return last === undefined
        ? undefined
        : { value: last.value, ageMs: performance.now() - last.at };
    },
  };
}
