import { parseDuration } from "../core/duration.ts";
import { CancelError, DiscardError, ThrottleError } from "../core/endings.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { JobContext } from "../core/job-context.ts";
import type { Logger } from "../core/logger.ts";
import type { Outcome } from "../core/outcome.ts";
import { storeError } from "../core/stored-error.ts";
import { validate } from "../core/validate.ts";
import type { Attempt } from "./attempt.ts";
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

type HandlerEnd = { readonly value: unknown } | { readonly thrown: unknown };

/**
 * Runs one attempt to its end: payload → handler → ending. Never throws, and cannot reach storage.
 */
export async function execute(
  attempt: Attempt,
  context: JobContext,
  log: Logger,
): Promise<AttemptEnding> {
  const payload = await readPayload(attempt);
  if ("thrown" in payload) return endOfPayload(attempt, payload.thrown, log);
  const returned = await runHandler(attempt, payload.value, context);
  // A transaction the handler did not wait for is part of it all the same.
  const end = (await attempt.ending.transacted()) ?? returned;
  if (attempt.ending.settled) {
    if ("thrown" in end) log.warn({ error: end.thrown }, "threw after its transaction committed");
    return { kind: "already-settled" };
  }
  // A result the schema has yet to look at is too late as well.
  const timedOut = attempt.abort.reason?.kind === "timeout" ? endOfAbort(attempt, log) : undefined;
  if (timedOut !== undefined) return timedOut;
  return "thrown" in end
    ? endOfThrow(attempt, end.thrown, log)
    : endOfReturn(attempt, end.value, log);
}

/** An older payload is brought up to date, then validated again so that the schema's transforms apply. */
async function readPayload({ job, handler }: Attempt): Promise<HandlerEnd> {
  const { definition } = handler;
  try {
    const stored: unknown = JSON.parse(job.payload);
    const old = job.version < definition.version && definition.upgrade !== undefined;
    const input = old ? await definition.upgrade?.(stored, job.version) : stored;
    const called = `payload of ${definition.name}`;
    return { value: await validate(definition.payload, input, called, "PAYLOAD_INVALID") };
  } catch (thrown) {
    return { thrown };
  }
}

/** An invalid payload stays invalid; a schema or an upgrade that breaks may work in the next deploy. */
function endOfPayload(attempt: Attempt, thrown: unknown, log: Logger): AttemptEnding {
  return isHoldfastError(thrown, "PAYLOAD_INVALID")
    ? { kind: "discarded", error: storeError(thrown), code: "PAYLOAD_INVALID" }
    : endOfThrow(attempt, thrown, log);
}

async function runHandler(
  { handler }: Attempt,
  payload: unknown,
  context: JobContext,
): Promise<HandlerEnd> {
  try {
    return { value: await handler.run(payload, context as JobContext<unknown, never>) };
  } catch (thrown) {
    return { thrown };
  }
}

async function endOfReturn(attempt: Attempt, value: unknown, log: Logger): Promise<AttemptEnding> {
  const { chosen } = attempt.ending;
  if (chosen !== undefined) return endOfChoice(attempt, chosen);
  if (value === undefined) return { kind: "completed" };
  try {
    return { kind: "completed", result: await encodeResult(attempt.handler.definition, value) };
  } catch (error) {
    return failed(attempt, error, log);
  }
}

function endOfThrow(attempt: Attempt, thrown: unknown, log: Logger): AttemptEnding {
  const { chosen } = attempt.ending;
  if (chosen !== undefined) {
    log.warn({ error: thrown }, "threw after it had chosen its ending; the ending stands");
    return endOfChoice(attempt, chosen);
  }
  const stop = endOfAbort(attempt, log);
  if (stop !== undefined) return stop;
  if (thrown instanceof DiscardError) return discarded(thrown);
  if (thrown instanceof CancelError) return cancelled(thrown);
  if (thrown instanceof ThrottleError) return endOfThrottle(attempt, thrown, log);
  return failed(attempt, thrown, log);
}

/** What an aborted attempt that did not return becomes. */
export function endOfAbort(attempt: Attempt, log: Logger): Outcome | undefined {
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
        ...chosenDelay(attempt, attempt.job.attempt, reason, log),
      };
    case "shutdown":
    case "lease-lost":
      return { kind: "released" };
  }
}

function endOfChoice({ abort }: Attempt, chosen: ChosenEnding): AttemptEnding {
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

function endOfThrottle(attempt: Attempt, thrown: ThrottleError, log: Logger): AttemptEnding {
  try {
    return endOfChoice(attempt, throttledEnding(thrown.retryAfter));
  } catch (error) {
    return failed(attempt, error, log);
  }
}

function failed(attempt: Attempt, thrown: unknown, log: Logger): Outcome {
  return {
    kind: "failed",
    error: storeError(thrown),
    ...chosenDelay(attempt, attempt.counted(), thrown, log),
  };
}

/** The delay a backoff function chose; the stored curve stands in for one that fails. */
function chosenDelay(
  { handler }: Attempt,
  number: number,
  thrown: unknown,
  log: Logger,
): { readonly delayMs?: number } {
  const { backoff } = handler.definition;
  if (backoff === undefined) return {};
  try {
    return { delayMs: parseDuration(backoff(number, thrown), "retry.backoff") };
  } catch (error) {
    log.warn({ error }, "the backoff function failed; the default curve decides");
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
