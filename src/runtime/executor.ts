import { parseDuration } from "../core/duration.ts";
import { CancelError, DiscardError, ThrottleError } from "../core/endings.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { JobContext } from "../core/job-context.ts";
import type { Outcome } from "../core/outcome.ts";
import { storeError } from "../core/stored-error.ts";
import { readStoredPayload } from "../core/stored-payload.ts";
import { type Attempt, countedNow, type SingleAttempt } from "./attempt.ts";
import { encodeResult } from "./encode-result.ts";
import { type ChosenEnding, throttledEnding } from "./ending-latch.ts";

/**
 * How an attempt ended: an outcome for the lifecycle, a throttle whose time the queue's cooling decides,
 * or nothing left to decide because `job.transaction` has settled it.
 */
export type AttemptEnding =
  | Outcome
  | { readonly kind: "throttling"; readonly retryAfterMs: number | null }
  | { readonly kind: "already-settled" };

/** What a handler came to. */
export type HandlerEnd = { readonly value: unknown } | { readonly thrown: unknown };

/** Where an attempt's own lines are logged; made when there is something to say. */
export type Logged = Pick<JobContext, "log">;

/**
 * Runs one attempt to its end: payload → handler → ending. Never throws, and cannot reach storage. What is not asynchronous
 * ends at once, because a promise costs more than everything else an attempt needs.
 */
export function execute(
  attempt: SingleAttempt,
  context: JobContext,
): AttemptEnding | Promise<AttemptEnding> {
  let payload: unknown;
  try {
    payload = readPayload(attempt);
  } catch (thrown) {
    return endOfPayload(attempt, thrown, context);
  }
  return payload instanceof Promise
    ? payload.then(
        (read) => callHandler(attempt, read, context),
        (thrown: unknown) => endOfPayload(attempt, thrown, context),
      )
    : callHandler(attempt, payload, context);
}

function callHandler(
  attempt: SingleAttempt,
  payload: unknown,
  context: JobContext,
): AttemptEnding | Promise<AttemptEnding> {
  let value: unknown;
  try {
    value = attempt.handler.run(payload, context as JobContext<unknown, never>);
    if (isThenable(value)) {
      return Promise.resolve(value).then(
        (late: unknown) => whenTransacted(attempt, { value: late }, context),
        (thrown: unknown) => whenTransacted(attempt, { thrown }, context),
      );
    }
  } catch (thrown) {
    return whenTransacted(attempt, { thrown }, context);
  }
  return whenTransacted(attempt, { value }, context);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const holder = (typeof value === "object" && value !== null) || typeof value === "function";
  return holder && "then" in value;
}

/** A transaction the handler did not wait for is part of it all the same. */
function whenTransacted(
  attempt: Attempt,
  end: HandlerEnd,
  context: JobContext,
): AttemptEnding | Promise<AttemptEnding> {
  if (!attempt.ending.busy) return endOfHandler(attempt, end, context);
  return attempt.ending
    .transacted()
    .then((thrown) => endOfHandler(attempt, thrown ?? end, context));
}

/** What the handler is given; a promise only when the schema or an upgrade is asynchronous. */
export function readPayload({ job, handler }: Attempt): unknown {
  return readStoredPayload(handler.definition, JSON.parse(job.payload), job.version);
}

/** An invalid payload stays invalid; a schema or an upgrade that breaks may work in the next deploy. */
export function endOfPayload(attempt: Attempt, thrown: unknown, logged: Logged): AttemptEnding {
  return isHoldfastError(thrown, "PAYLOAD_INVALID")
    ? { kind: "discarded", error: storeError(thrown), code: "PAYLOAD_INVALID" }
    : endOfThrow(attempt, thrown, logged);
}

function endOfHandler(
  attempt: Attempt,
  end: HandlerEnd,
  logged: Logged,
): AttemptEnding | Promise<AttemptEnding> {
  if (attempt.ending.settled) {
    if ("thrown" in end) {
      logged.log.warn({ error: end.thrown }, "threw after its transaction committed");
    }
    return { kind: "already-settled" };
  }
  // A result the schema has yet to look at is too late as well.
  const timedOut =
    attempt.abort.reason?.kind === "timeout" ? endOfAbort(attempt, logged) : undefined;
  if (timedOut !== undefined) return timedOut;
  if ("thrown" in end) return endOfThrow(attempt, end.thrown, logged);
  const { chosen } = attempt.ending;
  if (chosen !== undefined) return endOfChoice(attempt, chosen);
  return end.value === undefined ? completed : endOfResult(attempt, end.value, logged);
}

/** The end of an attempt without a result. */
export const completed: Outcome = { kind: "completed" };

/** A result, checked and written as JSON; one that its schema refuses is a failed attempt. */
export function endOfResult(
  attempt: Attempt,
  value: unknown,
  logged: Logged,
): AttemptEnding | Promise<AttemptEnding> {
  try {
    const result = encodeResult(attempt.handler.definition, value);
    return typeof result === "string"
      ? { kind: "completed", result }
      : result.then(
          (text) => ({ kind: "completed", result: text }),
          (error: unknown) => failed(attempt, error, logged),
        );
  } catch (error) {
    return failed(attempt, error, logged);
  }
}

/** What an attempt that threw becomes. */
export function endOfThrow(attempt: Attempt, thrown: unknown, logged: Logged): AttemptEnding {
  const { chosen } = attempt.ending;
  if (chosen !== undefined) {
    logged.log.warn({ error: thrown }, "threw after it had chosen its ending; the ending stands");
    return endOfChoice(attempt, chosen);
  }
  const stop = endOfAbort(attempt, logged);
  if (stop !== undefined) return stop;
  if (thrown instanceof DiscardError) return discarded(thrown);
  if (thrown instanceof CancelError) return cancelled(thrown);
  if (thrown instanceof ThrottleError) return endOfThrottle(attempt, thrown, logged);
  return failed(attempt, thrown, logged);
}

/** What an aborted attempt that did not return becomes. */
export function endOfAbort(attempt: Attempt, logged: Logged): Outcome | undefined {
  const { reason } = attempt.abort;
  switch (reason?.kind) {
    case undefined:
      return undefined;
    case "cancel":
      return { kind: "cancelled", why: reason.message, by: reason.by ?? null };
    case "timeout":
      return {
        kind: "timed-out",
        error: storeError(reason),
        ...chosenDelay(attempt, attempt.job.attempt, reason, logged),
      };
    case "shutdown":
    case "lease-lost":
      return { kind: "released" };
  }
}

/** What an attempt that chose its ending becomes; after a cancel request it is cancelled. */
export function endOfChoice({ abort }: Attempt, chosen: ChosenEnding): AttemptEnding {
  if (abort.reason?.kind === "cancel") {
    return { kind: "cancelled", why: abort.reason.message, by: abort.reason.by ?? null };
  }
  switch (chosen.kind) {
    case "rescheduled":
    case "snoozed":
      return chosen;
    case "throttled":
      return { kind: "throttling", retryAfterMs: chosen.retryAfterMs };
    case "cancelled":
      return cancelled(new CancelError(chosen.why));
    case "discarded":
      return discarded(new DiscardError(chosen.why));
  }
}

function endOfThrottle(attempt: Attempt, thrown: ThrottleError, logged: Logged): AttemptEnding {
  try {
    return endOfChoice(attempt, throttledEnding(thrown.retryAfter));
  } catch (error) {
    return failed(attempt, error, logged);
  }
}

function failed(attempt: Attempt, thrown: unknown, logged: Logged): Outcome {
  return {
    kind: "failed",
    error: storeError(thrown),
    ...chosenDelay(attempt, countedNow(attempt), thrown, logged),
  };
}

/** The delay a backoff function chose; the stored curve stands in for one that fails. */
function chosenDelay(
  { handler }: Attempt,
  number: number,
  thrown: unknown,
  logged: Logged,
): { readonly delayMs?: number } {
  const { backoff } = handler.definition;
  if (backoff === undefined) return {};
  try {
    return { delayMs: parseDuration(backoff(number, thrown), "retry.backoff") };
  } catch (error) {
    logged.log.warn({ error }, "the backoff function failed; the default curve decides");
    return {};
  }
}

/** The message goes through `storeError`, so that both databases can keep it. */
function cancelled(thrown: CancelError): Outcome {
  return { kind: "cancelled", why: storeError(thrown).message, by: null };
}

function discarded(thrown: DiscardError): Outcome {
  return { kind: "discarded", error: storeError(thrown), code: "JOB_DISCARDED" };
}
