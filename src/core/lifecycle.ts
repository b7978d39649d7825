import { type Attempt, type AttemptEnd, appendAttempt } from "./attempt.ts";
import { countedAttempt, retryDelay } from "./backoff.ts";
import type { ClaimedJob } from "./claimed-job.ts";
import { defaults } from "./defaults.ts";
import type { EndReason } from "./end-reason.ts";
import type { JobState } from "./job.ts";
import type { Outcome } from "./outcome.ts";
import type { BackoffPolicy } from "./retry-policy.ts";
import type { Settlement } from "./settlement.ts";
import type { StoredError } from "./stored-error.ts";

/** Every step a job can take. Nothing in Holdfast moves a job in another way. */
export const transitions: Readonly<Record<JobState, readonly JobState[]>> = {
  scheduled: ["available", "blocked", "cancelled"],
  available: ["running", "scheduled", "blocked", "cancelled"],
  blocked: ["available", "scheduled", "cancelled"],
  running: [
    "completed",
    "cancelled",
    "discarded",
    "retryable",
    "scheduled",
    "available",
    "blocked",
  ],
  retryable: ["available", "blocked", "cancelled"],
  completed: [],
  cancelled: ["available", "blocked"],
  discarded: ["available", "blocked"],
};

/** What the world adds to a decision. `random` is a number in [0, 1). */
export interface SettleFacts {
  readonly now: number;
  readonly random: number;
  /** When this attempt's handler began; the claim when it never did. */
  readonly began: number;
  /** The backoff an operator has set for the job's queue: it goes before the job's own, a function's choice included. */
  readonly backoff?: BackoffPolicy | undefined;
}

type Step = Omit<Settlement, "lease" | "attempts" | "unlessCancelRequested" | "gates" | "job"> & {
  readonly how: AttemptEnd;
  readonly error?: StoredError;
};

/**
 * Decides what becomes of a running job: the one place where a job's state can change its mind.
 * Pure: the same job, outcome and facts always give the same settlement.
 */
export function settle(job: ClaimedJob, outcome: Outcome, facts: SettleFacts): Settlement {
  const step = decide(job, outcome, facts);
  // Member by member: this runs for every job, and copying objects into one another triples its cost.
  const settlement = {
    lease: job.lease,
    to: step.to,
    runAt: step.runAt,
    attempt: step.attempt,
    crashes: step.crashes,
    backoffMs: step.backoffMs,
    job,
    // A job given back before its handler started has made no attempt.
    attempts: job.started ? appendAttempt(job.attempts, attemptOf(job, step, facts)) : job.attempts,
    reason: step.reason,
    unlessCancelRequested: outcome.kind !== "completed" && outcome.kind !== "cancelled",
  };
  if (job.gates.length > 0) return { ...settlement, gates: job.gates, ...resultOf(step) };
  return step.result === undefined ? settlement : { ...settlement, result: step.result };
}

function resultOf({ result }: Step): Pick<Settlement, "result"> {
  return result === undefined ? {} : { result };
}

function attemptOf({ attempt, lease }: ClaimedJob, step: Step, facts: SettleFacts): Attempt {
  const { how, error } = step;
  const made = {
    number: attempt,
    run: lease.run,
    worker: lease.owner,
    began: facts.began,
    ended: facts.now,
    how,
  };
  return error === undefined ? made : { ...made, error };
}

function decide(job: ClaimedJob, outcome: Outcome, facts: SettleFacts): Step {
  switch (outcome.kind) {
    case "completed":
      return complete(job, outcome.result);
    case "cancelled":
      return {
        ...ended(job, "cancelled", cancelReason(outcome.why, outcome.by)),
        how: "cancelled",
      };
    case "discarded":
      return {
        ...ended(job, "discarded", {
          code: outcome.code ?? "JOB_DISCARDED",
          message: outcome.error.message,
        }),
        how: "discarded",
        error: outcome.error,
      };
    case "rescheduled":
      return { ...dueAgain(job, "scheduled", outcome.runAt, facts.now, 0), how: "rescheduled" };
    case "snoozed":
    case "throttled":
      return { ...givenBack(job, outcome.runAt, facts.now), crashes: 0, how: outcome.kind };
    case "released":
      return release(job, facts);
    case "crashed":
      return job.started
        ? crash(job, outcome.error, outcome.maxCrashes, facts)
        : release(job, facts);
    case "failed":
    case "timed-out":
      return fail(job, outcome, facts);
  }
}

function complete(job: ClaimedJob, result: string | undefined): Step {
  const step: Step = {
    how: "completed",
    to: "completed",
    runAt: null,
    attempt: job.attempt,
    crashes: job.crashes,
    backoffMs: 0,
    reason: null,
  };
  return result === undefined ? step : { ...step, result };
}

function fail(
  job: ClaimedJob,
  outcome: Extract<Outcome, { kind: "failed" | "timed-out" }>,
  facts: SettleFacts,
): Step {
  const counted =
    outcome.kind === "failed"
      ? countedAttempt(job.policy, job.attempt, facts.now - facts.began, job.backoffMs)
      : job.attempt;
  const how = outcome.kind;
  if (exhausted(job, counted)) {
    return { ...ended(job, "discarded", exhaustion(counted)), how, error: outcome.error };
  }
  const chosen = facts.backoff === undefined ? outcome.delayMs : undefined;
  const delayMs = chosen ?? delayAfter(job, counted, facts);
  return { ...retried(job, counted, delayMs, facts.now), crashes: 0, how, error: outcome.error };
}

function crash(job: ClaimedJob, error: StoredError, limit: number, facts: SettleFacts): Step {
  const crashes = job.crashes + 1;
  const how = "crashed";
  if (limit >= 0 && crashes >= limit) {
    const message = `The process died ${crashes} times in a row while running this job.`;
    return { ...ended(job, "discarded", { code: "CRASH_LOOP", message }), crashes, how, error };
  }
  if (exhausted(job, job.attempt)) {
    return { ...ended(job, "discarded", exhaustion(job.attempt)), crashes, how, error };
  }
  const delayMs = delayAfter(job, job.attempt, facts);
  return { ...retried(job, job.attempt, delayMs, facts.now), crashes, how, error };
}

function delayAfter({ policy }: ClaimedJob, attempt: number, facts: SettleFacts): number {
  const { backoff, random } = facts;
  return retryDelay(backoff === undefined ? policy : { ...policy, ...backoff }, attempt, random);
}

function exhausted(job: ClaimedJob, attempt: number): boolean {
  return job.policy.attempts !== null && attempt >= job.policy.attempts;
}

function exhaustion(attempt: number): EndReason {
  const message = attempt === 1 ? "The only attempt failed." : `All ${attempt} attempts failed.`;
  return { code: "ATTEMPTS_EXHAUSTED", message };
}

/** The reason stored with a cancelled job. */
export function cancelReason(why: string, by: string | null): EndReason {
  return { code: "JOB_CANCELLED", message: why, ...(by === null ? {} : { by }) };
}

function ended(
  job: ClaimedJob,
  to: "cancelled" | "discarded",
  reason: EndReason,
): Omit<Step, "how"> {
  return { to, runAt: null, attempt: job.attempt, crashes: job.crashes, backoffMs: 0, reason };
}

/** It stays let in through its gates, and keeps what it holds of them: a deploy must not change the order of a lane. */
function release(job: ClaimedJob, facts: SettleFacts): Step {
  return { ...givenBack(job, facts.now, facts.now), to: "available", how: "released" };
}

/** No attempt is spent: the counters stand as they did before the claim. */
function givenBack(job: ClaimedJob, runAt: number, now: number): Omit<Step, "how"> {
  const step = dueAgain(job, "scheduled", runAt, now, job.attempt - 1);
  return { ...step, crashes: job.crashes, backoffMs: job.backoffMs };
}

function retried(
  job: ClaimedJob,
  attempt: number,
  delayMs: number,
  now: number,
): Omit<Step, "how" | "crashes"> {
  return { ...dueAgain(job, "retryable", now + delayMs, now, attempt), backoffMs: delayMs };
}

/** A job due now skips the waiting table; one with gates queues up at them anew, behind those that wait there. */
function dueAgain(
  { gates }: ClaimedJob,
  to: "scheduled" | "retryable",
  runAt: number,
  now: number,
  attempt: number,
): Omit<Step, "how"> {
  const ready = gates.length > 0 ? "blocked" : "available";
  return { to: runAt <= now ? ready : to, runAt, attempt, crashes: 0, backoffMs: 0, reason: null };
}

/**
 * How loudly a failed attempt is logged: WARN below `warnAttempts`, ERROR from there on and always when terminal.
 */
export function failureLevel(job: ClaimedJob, settlement: Settlement): "warn" | "error" {
  if (settlement.to === "discarded") return "error";
  const limit = job.policy.warnAttempts;
  return limit === null || settlement.attempt < limit ? "warn" : "error";
}

/** The crash limit in force: the job's own, else the rescuing worker's; -1 is unlimited. */
export function crashLimit(job: ClaimedJob, workerLimit: number | undefined): number {
  const own = job.policy.maxCrashes;
  if (own !== null) return own;
  if (workerLimit === undefined) return defaults.maxCrashes;
  return workerLimit === Number.POSITIVE_INFINITY ? -1 : workerLimit;
}
