import type { Duration } from "./duration.ts";

/** Thrown from deep code in a handler: give the job up now, whatever attempts are left. */
export class DiscardError extends Error {
  override readonly name = "DiscardError";
}

/** Thrown from deep code in a handler: end the job as cancelled. */
export class CancelError extends Error {
  override readonly name = "CancelError";
}

/**
 * Thrown from deep code in a handler: a server asked us to slow down. No attempt is spent and the queue cools down.
 *
 * @example
 * ```ts
 * if (response.status === 429) throw new ThrottleError("30s");
 * ```
 */
export class ThrottleError extends Error {
  override readonly name = "ThrottleError";
  /** What the server asked for; without it the queue's throttle curve decides. */
  readonly retryAfter: Duration | undefined;

  constructor(retryAfter?: Duration, message = "Asked to slow down.") {
    super(message);
    this.retryAfter = retryAfter;
  }
}
