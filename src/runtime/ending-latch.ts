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

/** Holds the one ending of an attempt. */
export interface EndingLatch {
  readonly verbs: Verbs;
  readonly chosen: ChosenEnding | undefined;
  /** True when `job.transaction` has completed the job. */
  readonly settled: boolean;
  /**
   * Keeps the ending for `job.transaction`.
   *
   * @throws {HoldfastError} `ALREADY_SETTLED`.
   */
  reserve(): void;
  /** Gives it back after a rollback. */
  unreserve(): void;
  /** Says that the transaction committed. */
  markSettled(): void;
}

/** A latch no ending has been put in. */
export function createEndingLatch(clock: Clock): EndingLatch {
  let state: "open" | "reserved" | "settled" = "open";
  let chosen: ChosenEnding | undefined;

  function refuseSecond(): void {
    if (state === "open" && chosen === undefined) return;
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

  function later(kind: "rescheduled" | "snoozed", delay: Duration, option: string): Ending {
    return choose({ kind, runAt: clock.now() + parseDuration(delay, option) });
  }

  return {
    verbs: {
      rescheduleIn: (delay) => later("rescheduled", delay, "rescheduleIn"),
      rescheduleAt: (time) => choose({ kind: "rescheduled", runAt: readTime(time) }),
      rescheduleNow: () => choose({ kind: "rescheduled", runAt: clock.now() }),
      snooze: (delay) => later("snoozed", delay, "snooze"),
      throttle: (retryAfter) => choose(throttledEnding(retryAfter)),
      cancel: (why) => choose({ kind: "cancelled", why: String(why) }),
      discard: (why) => choose({ kind: "discarded", why: String(why) }),
    },
    get chosen() {
      return chosen;
    },
    get settled() {
      return state === "settled";
    },
    reserve() {
      refuseSecond();
      state = "reserved";
    },
    unreserve() {
      state = "open";
    },
    markSettled() {
      state = "settled";
    },
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

function readTime(time: Date | number): number {
  const ms = time instanceof Date ? time.getTime() : time;
  if (Number.isFinite(ms) && ms >= 0) return Math.round(ms);
  throw new HoldfastError(
    "INVALID_OPTION",
    "rescheduleAt takes a valid Date or milliseconds since the epoch.",
  );
}
