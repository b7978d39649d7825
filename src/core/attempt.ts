import { defaults } from "./defaults.ts";
import type { StoredError } from "./stored-error.ts";

/** How an attempt ended. */
export type AttemptEnd =
  | "completed"
  | "rescheduled"
  | "snoozed"
  | "throttled"
  | "released"
  | "failed"
  | "timed-out"
  | "crashed"
  | "cancelled"
  | "discarded";

/** One try of a job. Times are milliseconds since the Unix epoch. */
export interface Attempt {
  /** The try's number against the retry budget; it stands still over a snooze and starts again after a reset. */
  readonly number: number;
  readonly run: number;
  readonly worker: string;
  readonly began: number;
  readonly ended: number;
  readonly how: AttemptEnd;
  readonly error?: StoredError;
}

/** The attempts to keep after one more: the 32 newest, oldest first. */
export function appendAttempt(attempts: readonly Attempt[], next: Attempt): readonly Attempt[] {
  return attempts.length === 0 ? [next] : [...attempts, next].slice(-defaults.attemptsKept);
}
