import { isWhole } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { JobContext, Reschedule } from "../core/job-context.ts";

/** An ending a handler chose instead of returning a result. */
export type ChosenEnding =
  | { readonly kind: "rescheduled" | "snoozed"; readonly runAt: number }
  | { readonly kind: "throttled"; readonly retryAfterMs: number | null }
  | { readonly kind: "cancelled" | "discarded"; readonly why: string };

type Verbs = Pick<
  JobContext,
  "rescheduleIn" | "rescheduleAt" | "rescheduleNow" | "snooze" | "throttle" | "cancel" | "discard"
>;

/** The ways to end other than a result, each giving what `choose` makes of it. */
export type EndingVerbs<Chosen> = {
  readonly [Verb in keyof Verbs]: (...given: Parameters<Verbs[Verb]>) => Chosen;
};

/** What `job.transaction` says while it has the ending to itself. */
export interface Reservation {
  /** The job's end is written: with the commit its lease is gone. */
  written(): void;
  /** What was written is rolled back. */
  undone(): void;
}

/** Holds the one ending of an attempt. */
export interface EndingLatch {
  readonly verbs: Verbs;
  readonly chosen: ChosenEnding | undefined;
  /** True when `job.transaction` has completed the job. */
  readonly settled: boolean;
  /** True from the moment `job.transaction` has written the end: the lease may be gone without being lost. */
  readonly written: boolean;
  /** True while a transaction is under way. */
  readonly busy: boolean;
  /**
   * Keeps the ending for a transaction: the job's, when it resolves; free again, when it rejects.
   *
   * @throws {HoldfastError} `ALREADY_SETTLED`.
   */
  transact<Value>(run: (reservation: Reservation) => Promise<Value>): Promise<Value>;
  /** Waits for a transaction still under way; gives what it threw, when it did. */
  transacted(): Promise<{ readonly thrown: unknown } | undefined>;
}

/** A latch no ending has been put in. */
export function createEndingLatch(clock: Clock): EndingLatch {
  return new Latch(clock);
}

type HoldState = "open" | "reserved" | "written" | "settled";

/** A class, because one is made for every attempt and few handlers look at what it can do. */
class Latch implements EndingLatch {
  readonly #clock: Clock;
  #verbs: Verbs | undefined;
  #chosen: ChosenEnding | undefined;
  /** The hold a transaction has on the ending. */
  #hold: HoldState = "open";
  #underWay: Promise<unknown> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get verbs(): Verbs {
    this.#verbs ??= endingVerbs(this.#clock, (ending) => this.#choose(ending));
    return this.#verbs;
  }

  get chosen(): ChosenEnding | undefined {
    return this.#chosen;
  }

  get settled(): boolean {
    return this.#hold === "settled";
  }

  get written(): boolean {
    return this.#hold === "settled" || this.#hold === "written";
  }

  get busy(): boolean {
    return this.#underWay !== undefined;
  }

  transact<Value>(run: (reservation: Reservation) => Promise<Value>): Promise<Value> {
    const held = this.#transact(run);
    if (this.#hold === "reserved") this.#underWay ??= held;
    return held;
  }

  async transacted(): Promise<{ readonly thrown: unknown } | undefined> {
    return this.#underWay?.then(
      () => undefined,
      (thrown: unknown) => ({ thrown }),
    );
  }

  async #transact<Value>(run: (reservation: Reservation) => Promise<Value>): Promise<Value> {
    this.#refuseSecond();
    this.#hold = "reserved";
    let next: HoldState = "open";
    try {
      const value = await run({
        written: () => (this.#hold = "written"),
        undone: () => (this.#hold = "reserved"),
      });
      next = "settled";
      return value;
    } finally {
      this.#hold = next;
      this.#underWay = undefined;
    }
  }

  #choose(ending: ChosenEnding): Reschedule {
    this.#refuseSecond();
    this.#chosen = ending;
    return ending as unknown as Reschedule;
  }

  #refuseSecond(): void {
    if (this.#hold === "open" && this.#chosen === undefined) return;
    throw new HoldfastError(
      "ALREADY_SETTLED",
      "This attempt has its ending already; choose one of transaction, reschedule, snooze, throttle, cancel or discard.",
    );
  }
}

/** Makes the verbs; times are told by the clock. */
export function endingVerbs<Chosen>(
  clock: Clock,
  choose: (ending: ChosenEnding) => Chosen,
): EndingVerbs<Chosen> {
  function later(kind: "rescheduled" | "snoozed", delay: Duration, option: string): Chosen {
    return choose({ kind, runAt: clock.now() + parseDuration(delay, option) });
  }
  return {
    rescheduleIn: (delay) => later("rescheduled", delay, "rescheduleIn"),
    rescheduleAt: (time) => choose({ kind: "rescheduled", runAt: readTime(time) }),
    rescheduleNow: () => choose({ kind: "rescheduled", runAt: clock.now() }),
    snooze: (delay) => later("snoozed", delay, "snooze"),
    throttle: (retryAfter) => choose(throttledEnding(retryAfter)),
    cancel: (why) => choose({ kind: "cancelled", why: String(why) }),
    discard: (why) => choose({ kind: "discarded", why: String(why) }),
  };
}

/**
 * The throttled ending, with what the server asked for.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for what is not a duration.
 */
export function throttledEnding(retryAfter: Duration | undefined): ChosenEnding {
  const retryAfterMs = retryAfter === undefined ? null : parseDuration(retryAfter, "retryAfter");
  return { kind: "throttled", retryAfterMs };
}

/** The latest moment a `Date` can name. */
const latestTime = 8.64e15;

function readTime(time: Date | number): number {
  const ms = time instanceof Date ? time.getTime() : Math.round(time);
  if (isWhole(ms, 0, latestTime)) return ms;
  throw new HoldfastError(
    "INVALID_OPTION",
    "rescheduleAt takes a valid Date or milliseconds since the epoch.",
  );
}
