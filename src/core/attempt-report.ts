import type { AttemptEnd } from "./attempt.ts";
import type { ClaimedJob } from "./claimed-job.ts";
import { isFinished } from "./job.ts";
import { failureLevel } from "./lifecycle.ts";
import type { Outcome } from "./outcome.ts";
import type { Settlement } from "./settlement.ts";
import type { StoredError } from "./stored-error.ts";

/** What is told of an attempt that has ended. */
export interface AttemptReport {
  /** `lease-lost`: its outcome came too late and changed nothing. */
  readonly how: AttemptEnd | "lease-lost";
  /** Where the job went; `null` when this attempt had no say in it. */
  readonly state: Settlement["to"] | null;
  readonly error: StoredError | null;
  /** How loudly the failure is logged; `null` for an attempt that did not fail. */
  readonly level: "warn" | "error" | null;
  /** True when it failed and the job comes back. */
  readonly willRetry: boolean;
  /** Until the job is due again, in milliseconds; `null` when it is not. */
  readonly delayMs: number | null;
  /** True when the attempts are counted from the first again. */
  readonly reset: boolean;
}

/** The report of an attempt whose settlement was written. */
export function reportOf(job: ClaimedJob, outcome: Outcome, settlement: Settlement): AttemptReport {
  const { to, attempt, runAt, attempts } = settlement;
  const error = "error" in outcome ? outcome.error : null;
  const ended = attempts.at(-1)?.ended;
  const restarts = outcome.kind === "failed" || outcome.kind === "rescheduled";
  return {
    how: outcome.kind,
    state: to,
    error,
    level: error === null ? null : failureLevel(job, settlement),
    willRetry: error !== null && !isFinished(to),
    delayMs: runAt === null || ended === undefined ? null : Math.max(0, runAt - ended),
    reset: restarts && job.attempt > 1 && attempt < job.attempt,
  };
}

/** The report of one that `job.transaction` has completed. */
export const completedReport: AttemptReport = {
  how: "completed",
  state: "completed",
  error: null,
  level: null,
  willRetry: false,
  delayMs: null,
  reset: false,
};

/** The report of one whose lease was lost. */
export const lostReport: AttemptReport = {
  ...completedReport,
  how: "lease-lost",
  state: null,
  error: {
    name: "HoldfastError",
    code: "LEASE_LOST",
    message: "The lease was lost; this attempt's outcome changed nothing.",
  },
  level: "warn",
};
