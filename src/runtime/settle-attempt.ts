import { setTimeout as sleep } from "node:timers/promises";
import { completedReport, lostReport, reportOf } from "../core/attempt-report.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import { isHoldfastError } from "../core/errors.ts";
import { failureLevel, settle } from "../core/lifecycle.ts";
import type { Logger } from "../core/logger.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Settlement } from "../core/settlement.ts";
import { storeError } from "../core/stored-error.ts";
import { traceIdOf } from "../core/trace.ts";
import type { Engine } from "../service/engine.ts";
import { type Attempt, attemptTrace } from "./attempt.ts";
import { isHeard, tellEnd } from "./attempt-channels.ts";
import { coolDown } from "./cooling.ts";
import type { AttemptEnding } from "./executor.ts";
import type { OrderBook } from "./order-book.ts";
import type { Settler } from "./settler.ts";

/** What settling needs. */
export interface SettleParts {
  readonly engine: Engine;
  readonly settler: Settler;
  readonly random: () => number;
  /** The backoff an operator has set for a queue. */
  readonly backoffOf: OrderBook["backoffOf"];
}

const firstPauseMs = 100;
const lastPauseMs = 5_000;

/** Decides what becomes of an attempt's job, writes it and logs it. */
export function settleAttempt(
  attempt: Attempt,
  ending: AttemptEnding,
  parts: SettleParts,
): Promise<void> {
  const lost = attempt.abort.reason?.kind === "lease-lost";
  return lost || ending.kind === "already-settled" || ending.kind === "throttling"
    ? settleOtherwise(attempt, ending, parts)
    : settleAs(attempt, ending, parts);
}

async function settleOtherwise(
  attempt: Attempt,
  ending: AttemptEnding,
  parts: SettleParts,
): Promise<void> {
  if (ending.kind === "already-settled") return tellEnd(attempt, completedReport);
  if (attempt.abort.reason?.kind === "lease-lost") {
    reportLost(attempt, parts.engine.logger);
  } else if (ending.kind === "throttling") {
    const outcome = await throttled(attempt.job, ending.retryAfterMs, parts.engine);
    await settleAs(attempt, outcome, parts);
  }
}

/** Gives back a job whose handler has not started: nothing is spent. */
export async function releaseJob(job: ClaimedJob, parts: SettleParts): Promise<void> {
  const facts = { now: parts.engine.clock.now(), random: 0, began: job.claimedAt };
  await parts.settler.settle(settle({ ...job, started: false }, { kind: "released" }, facts));
}

async function throttled(
  job: ClaimedJob,
  retryAfterMs: number | null,
  { storage, clock, logger }: Engine,
): Promise<Outcome> {
  const runAt = await coolDown(storage, job.queue, retryAfterMs, clock, logger);
  return { kind: "throttled", runAt };
}

/**
 * An outcome storage refuses, such as a result its JSON type cannot take, is a failed attempt. When that is refused too the
 * trouble is storage's own, a full disk say: both are tried again until one is taken.
 */
async function settleAs(attempt: Attempt, outcome: Outcome, parts: SettleParts): Promise<void> {
  const { logger } = parts.engine;
  let writing = outcome;
  let standsIn = false;
  let leaves: string | undefined = attempt.job.queue;
  let pauseMs = firstPauseMs;
  for (;;) {
    try {
      const settlement = decide(attempt, writing, parts);
      const answering = parts.settler.settle(settlement, leaves);
      // Its place is given away once, whatever the answer.
      leaves = undefined;
      const answer = await answering;
      if (answer.outcome === "lease-lost") return reportLost(attempt, logger);
      if (answer.outcome === "settled") {
        return reportEnd(attempt, writing, settlement, logger);
      }
      const { why, by } = answer.request;
      writing = { kind: "cancelled", why, by };
    } catch (error) {
      if (standsIn) {
        await sleep(pauseMs);
        pauseMs = Math.min(pauseMs * 2, lastPauseMs);
        writing = outcome;
      } else {
        if (isHoldfastError(error, "CLIENT_CLOSED")) throw error;
        const { id } = attempt.job.lease;
        logger.error({ job: id, error }, "storage refused the outcome; the attempt has failed");
        writing = { kind: "failed", error: storeError(error) };
      }
      standsIn = !standsIn;
    }
  }
}

function decide(
  attempt: Attempt,
  outcome: Outcome,
  { engine, random, backoffOf }: SettleParts,
): Settlement {
  const { began, job } = attempt;
  const backoff = backoffOf(job.queue);
  const facts = { now: engine.clock.now(), random: random(), began, backoff };
  return settle(attempt.job, outcome, facts);
}

/** Says that an attempt's outcome came too late. */
function reportLost(attempt: Attempt, logger: Logger): void {
  const { job } = attempt;
  tellEnd(attempt, lostReport);
  logger.warn(
    { job: job.lease.id, name: job.name, run: job.lease.run, code: "LEASE_LOST" },
    "lease lost; this attempt's outcome changed nothing",
  );
}

/** Tells of an attempt that has ended, and logs a failure as loudly as its policy wants. */
export function reportEnd(
  attempt: Attempt,
  outcome: Outcome,
  settlement: Settlement,
  logger: Logger,
): void {
  const { job } = attempt;
  if (isHeard(attempt)) tellEnd(attempt, reportOf(job, outcome, settlement));
  if (!("error" in outcome)) return;
  const { to: state } = settlement;
  const traceId = traceIdOf(attemptTrace(attempt));
  logger[failureLevel(job, settlement)](
    {
      job: job.lease.id,
      name: job.name,
      attempt: job.attempt,
      state,
      error: outcome.error,
      ...(traceId === undefined ? {} : { traceId }),
    },
    state === "discarded" ? "job discarded" : "attempt failed",
  );
}
