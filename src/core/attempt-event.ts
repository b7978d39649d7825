import type { AttemptReport } from "./attempt-report.ts";

/** What the diagnostics channel `holdfast:attempt:start` publishes: a handler is about to be called for a job. */
export interface AttemptStartEvent {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly attempt: number;
  readonly run: number;
  /** The id of the worker's registration. */
  readonly worker: string;
  /** The W3C trace the attempt belongs to, when it is known. */
  readonly traceId: string | undefined;
}

/** What the diagnostics channel `holdfast:attempt:end` publishes: the attempt has ended, and what became of its job is written. */
export interface AttemptEndEvent extends AttemptStartEvent, AttemptReport {}
