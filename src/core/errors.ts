/**
 * Who has to act on an error: the programmer, the caller, the database's operator, whoever runs the service and what it depends
 * on, whoever asks the dashboard, or the job's history.
 */
export type ErrorFamily = "usage" | "state" | "storage" | "service" | "request" | "attempt";

interface ErrorEntry {
  readonly family: ErrorFamily;
  /** True when the same call may succeed if it is simply made again later. */
  readonly retryable: boolean;
}

const usage: ErrorEntry = { family: "usage", retryable: false };
const state: ErrorEntry = { family: "state", retryable: false };
const storage: ErrorEntry = { family: "storage", retryable: false };
const transient: ErrorEntry = { family: "storage", retryable: true };
const service: ErrorEntry = { family: "service", retryable: false };
const unreachable: ErrorEntry = { family: "service", retryable: true };
const request: ErrorEntry = { family: "request", retryable: false };
const attempt: ErrorEntry = { family: "attempt", retryable: false };

/**
 * Every code Holdfast throws, stores or answers with. `docs/errors.md` explains each, and a test keeps both lists the same.
 * A retired code is never used again.
 */
export const errorCatalogue = {
  INVALID_OPTION: usage,
  PAYLOAD_INVALID: usage,
  PAYLOAD_TOO_LARGE: usage,
  RESULT_INVALID: usage,
  DUPLICATE_DEFINITION: usage,
  DUPLICATE_HANDLER: usage,
  ALREADY_STARTED: usage,
  TRANSACTION_OPEN: usage,
  ALREADY_SETTLED: usage,
  BATCH_OUTCOMES_MISMATCH: usage,
  LIMIT_UNDECLARED: usage,
  DRIVER_MISSING: usage,
  CWD_OUTSIDE_ROOT: usage,
  PLATFORM_UNSUPPORTED: usage,
  LISTEN_FAILED: usage,

  JOB_NOT_FOUND: state,
  JOB_RUNNING: state,
  JOB_NOT_RETRYABLE: state,
  JOB_NOT_WAITING: state,
  OPERATION_NOT_FOUND: state,
  JOB_DISCARDED: state,
  JOB_CANCELLED: state,
  UNIQUE_CONFLICT: state,
  LEASE_LOST: state,
  WORKER_NOT_FOUND: state,
  DATABASE_NOT_EMPTY: state,
  WAIT_TIMEOUT: { family: "state", retryable: true },
  CLIENT_CLOSED: state,
  CHILD_POOL_CLOSED: state,
  SCHEDULE_NOT_FOUND: state,
  QUEUE_NOT_FOUND: state,
  SCHEDULE_TAKEN: state,
  SCHEDULE_OVERLAP: state,
  NOT_READY: { family: "state", retryable: true },

  STORAGE_UNAVAILABLE: transient,
  STORAGE_BUSY: transient,
  STORAGE_CONFLICT: transient,
  STORAGE_READ_ONLY: storage,
  STORAGE_INVALID: storage,
  STORAGE_FAILED: storage,
  SCHEMA_OUT_OF_DATE: storage,
  SCHEMA_TOO_NEW: storage,
  SCHEMA_CHANGED: storage,
  ENQUEUE_UNKNOWN: storage,
  UNIQUE_BUSY: transient,
  TRANSACTION_TOO_LONG: storage,
  TRANSACTION_RETRY: transient,
  POOL_EXHAUSTED: transient,

  IDENTITY_NOT_CONFIGURED: service,
  IDENTITY_REFUSED: service,
  IDENTITY_UNREACHABLE: unreachable,
  SCOPE_MISSING: service,
  STATE_NOT_CONFIGURED: service,
  STATE_UNREACHABLE: unreachable,
  AUTHORIZE_FAILED: service,
  PAGE_NOT_BUILT: service,
  DASHBOARD_FAILED: service,

  ORIGIN_REFUSED: request,
  NOT_AUTHENTICATED: request,
  TOO_MANY_GUESSES: { family: "request", retryable: true },
  FORBIDDEN: request,
  READ_ONLY: request,
  ROUTE_NOT_FOUND: request,
  METHOD_NOT_ALLOWED: request,
  REQUEST_INVALID: request,
  REQUEST_TOO_LARGE: request,
  FILTER_INVALID: request,
  PAYLOAD_REDACTED: request,

  HANDLER_FAILED: attempt,
  COMMAND_FAILED: attempt,
  CHILD_LOST: attempt,
  CHILD_PROTOCOL: attempt,
  TIMED_OUT: attempt,
  WORKER_CRASHED: attempt,
  CRASH_LOOP: attempt,
  ATTEMPTS_EXHAUSTED: attempt,
  BATCH_UNRESOLVED: attempt,
  SHUTDOWN: attempt,
  SCHEDULE_FAILED: attempt,
} as const satisfies Readonly<Record<string, ErrorEntry>>;

/** A stable error code; switch on it rather than on messages. */
export type ErrorCode = keyof typeof errorCatalogue;

/** What an error may carry beside its message. */
export interface HoldfastErrorOptions {
  /** The error underneath, such as the database's own. */
  readonly cause?: unknown;
  /** Facts for programs: ids, paths, sizes. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The one error class Holdfast throws: `code` is stable, the message says what to do next.
 *
 * @example
 * ```ts
 * try {
 *   await client.jobs.retry(id);
 * } catch (error) {
 *   if (error instanceof HoldfastError && error.code === "JOB_NOT_FOUND") console.log("already gone");
 *   else throw error;
 * }
 * ```
 */
export class HoldfastError extends Error {
  override readonly name = "HoldfastError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: HoldfastErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }

  /** Who has to act on it. */
  get family(): ErrorFamily {
    return errorCatalogue[this.code].family;
  }

  /** True when making the same call again later may succeed. */
  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }
}

/** True when a value is a Holdfast error, with the given code if one is named. */
export function isHoldfastError(value: unknown, code?: ErrorCode): value is HoldfastError {
  return value instanceof HoldfastError && (code === undefined || value.code === code);
}
