import type { ErrorCode } from "./errors.ts";
import type { StoredError } from "./stored-error.ts";

/**
 * How a handler ended, before anything is decided about the job.
 * Times are milliseconds; `result` is JSON text, and left out keeps what `job.setResult` stored.
 */
export type Outcome =
  | { readonly kind: "completed"; readonly result?: string }
  | { readonly kind: "rescheduled"; readonly runAt: number }
  | { readonly kind: "snoozed"; readonly runAt: number }
  | { readonly kind: "throttled"; readonly runAt: number }
  | { readonly kind: "failed"; readonly error: StoredError; readonly delayMs?: number }
  | { readonly kind: "timed-out"; readonly error: StoredError; readonly delayMs?: number }
  | { readonly kind: "crashed"; readonly error: StoredError; readonly maxCrashes: number }
  | { readonly kind: "cancelled"; readonly why: string; readonly by: string | null }
  | { readonly kind: "discarded"; readonly error: StoredError; readonly code?: ErrorCode }
  | { readonly kind: "released" };
