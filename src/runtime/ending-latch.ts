import { isWhole } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Ending, JobContext } from "../core/job-context.ts";

/** An ending a handler chose instead of returning a result. */
export type ChosenEnding =
  | { readonly kind: "rescheduled" | "snoozed"; readonly runAt: number }
  | { readonly kind: "throttled"; readonly retryAfterMs: number | null }
  | { readonly kind: "cancelled" | "discarded"; readonly why: string };

type Verbs = Pick<
  JobContext,
  "rescheduleIn" | "rescheduleAt" | "rescheduleNow" | "snooze" | "throttle" | "cancel" | "discard"
>;

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
  const hold = createHold(refuseSecond);
  let chosen: ChosenEnding | undefined;

  function refuseSecond(): void {
    if (hold.state() === "open" && chosen === undefined) return;
    throw new HoldfastError(
      "ALREADY_SETTLED",
      "This attempt has its ending already; choose one of transaction, reschedule, snooze, throttle, cancel or discard.",
    );
  }

  function choose(next: ChosenEnding): Ending {
    refuseSecond();
    chosen = next;
    return next as unknown as Ending;
  }

  return {
    verbs: endingVerbs(clock, choose),
    transact: hold.transact,
    transacted: hold.transacted,
    get chosen() {
      return chosen;
    },
    get settled() {
      return hold.state() === "settled";
    },
    get written() {
      return hold.state() === "settled" || hold.state() === "written";
    },
  };
}

type HoldState = "open" | "reserved" | "written" | "settled";

/** The hold a transaction has on the ending; `refuse` throws when there is one already. */
interface Hold extends Pick<EndingLatch, "transact" | "transacted"> {
  state(): HoldState;
}

function createHold(refuse: () => void): Hold {
  let state: HoldState = "open";
  let underWay: Promise<unknown> | undefined;

  async function hold<Value>(run: (reservation: Reservation) => Promise<Value>): Promise<Value> {
    refuse();
    state = "reserved";
    let next: HoldState = "open";
    try {
      const value = await run({
        written: () => (state = "written"),
        undone: () => (state = "reserved"),
      });
      next = "settled";
      return value;
    } finally {
      state = next;
      underWay = undefined;
    }
  }

  return {
    state: () => state,
    transact(run) {
      const held = hold(run);
      if (state === "reserved") underWay ??= held;
      return held;
    },
    async transacted() {
      return underWay?.then(
        () => undefined,
        (thrown: unknown) => ({ thrown }),
      );
    },
  };
}

function endingVerbs(clock: Clock, choose: (ending: ChosenEnding) => Ending): Verbs {
  function later(kind: "rescheduled" | "snoozed", delay: Duration, option: string): Ending {
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
