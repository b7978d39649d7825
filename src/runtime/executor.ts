import type { AnyJobDefinition } from "../core/define-job.ts";
import { type BackoffFunction } from "../core/retry-policy.ts";
import { parseDuration } from "../core/duration.ts";
import { CancelError, DiscardError, ThrottleError } from "../core/endings.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { JobContext } from "../core/job-context.ts";
import { encodeJson } from "../core/json.ts";
import type { Logger } from "../core/logger.ts";
import type { Outcome } from "../core/outcome.ts";
import { storeError } from "../core/stored-error.ts";
import { validate } from "../core/validate.ts";
import type { Attempt } from "./attempt.ts";
import { resultRole } from "./context.ts";
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
  if ("thrown" in payload) return discarded(payload.thrown);
  const end = await runHandler(attempt, payload.value, context);
  if (attempt.ending.settled) {
    if ("thrown" in end) log.warn({ error: end.thrown }, "threw after its transaction committed");
    return { kind: "already-settled" };
  }
  return "thrown" in end ? endOfThrow(attempt, end.thrown, log) : endOfReturn(attempt, end.value);
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

async function endOfReturn(attempt: Attempt, value: unknown): Promise<AttemptEnding> {
  const { chosen } = attempt.ending;
  if (chosen !== undefined) return endOfChoice(attempt, chosen);
  if (value === undefined) return { kind: "completed" };
  try {
    return { kind: "completed", result: await encodeResult(attempt.handler.definition, value) };
  } catch (error) {
    return failed(attempt, error);
  }
}

/**
 * Checks a result against its schema and writes it as JSON.
 *
 * @throws {HoldfastError} `RESULT_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export async function encodeResult(definition: AnyJobDefinition, value: unknown): Promise<string> {
  const called = `result of ${definition.name}`;
  return encodeJson(await validate(definition.result, value, called, "RESULT_INVALID"), resultRole);
}

function endOfThrow(attempt: Attempt, thrown: unknown, log: Logger): AttemptEnding {
  const { chosen } = attempt.ending;
  if (chosen !== undefined) {
    log.warn({ error: thrown }, "threw after it had chosen its ending; the ending stands");
    return endOfChoice(attempt, chosen);
  }
  const stop = endOfAbort(attempt);
  if (stop !== undefined) return stop;
  if (thrown instanceof DiscardError) return discarded(thrown);
  if (thrown instanceof CancelError) return { kind: "cancelled", why: thrown.message, by: null };
  if (thrown instanceof ThrottleError) return endOfThrottle(attempt, thrown);
  return failed(attempt, thrown);
}

/** What an aborted attempt that did not return becomes. */
export function endOfAbort({ abort, handler, job }: Attempt): Outcome | undefined {
  const { reason } = abort;
  switch (reason?.kind) {
    case undefined:
      return undefined;
    case "cancel":
      return { kind: "cancelled", why: reason.message, by: reason.by ?? null };
    case "timeout":
      return {
        kind: "timed-out",
        error: storeError(reason),
        ...chosenDelay(handler.definition.backoff, job.attempt, reason),
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
      return { kind: "cancelled", why: chosen.why, by: null };
    case "discarded":
      return discarded(new DiscardError(chosen.why));
  }
}

function endOfThrottle(attempt: Attempt, thrown: ThrottleError): AttemptEnding {
  try {
    return endOfChoice(attempt, throttledEnding(thrown.retryAfter));
  } catch (error) {
    return failed(attempt, error);
  }
}

function failed({ handler, job }: Attempt, thrown: unknown): Outcome {
  return {
    kind: "failed",
    error: storeError(thrown),
    ...chosenDelay(handler.definition.backoff, job.attempt, thrown),
  };
}

/** The delay a backoff function chose; the stored curve stands in for one that fails. */
function chosenDelay(
  backoff: BackoffFunction | undefined,
  attempt: number,
  thrown: unknown,
): { readonly delayMs?: number } {
  if (backoff === undefined) return {};
  try {
    return { delayMs: parseDuration(backoff(attempt, thrown), "retry.backoff") };
  } catch {
    return {};
  }
}

function discarded(thrown: unknown): Outcome {
  const error = storeError(thrown);
  return {
    kind: "discarded",
    error,
    code: isHoldfastError(thrown, "PAYLOAD_INVALID") ? "PAYLOAD_INVALID" : "JOB_DISCARDED",
  };
}
