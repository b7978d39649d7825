import type { ErrorCode } from "../../../src/core/errors.ts";

/** What a code means to the reader, and what they can do. */
export interface ProblemWords {
  readonly title: string;
  readonly fix: string;
}

/** Codes that jobs, workers and programs meet, and the API never answers with. */
type UnansweredCode =
  | "RESULT_INVALID"
  | "DUPLICATE_HANDLER"
  | "ALREADY_STARTED"
  | "TRANSACTION_OPEN"
  | "ALREADY_SETTLED"
  | "BATCH_OUTCOMES_MISMATCH"
  | "DRIVER_MISSING"
  | "CWD_OUTSIDE_ROOT"
  | "PLATFORM_UNSUPPORTED"
  | "LISTEN_FAILED"
  | "JOB_DISCARDED"
  | "JOB_CANCELLED"
  | "LEASE_LOST"
  | "DATABASE_NOT_EMPTY"
  | "WAIT_TIMEOUT"
  | "CHILD_POOL_CLOSED"
  | "IDENTITY_NOT_CONFIGURED"
  | "IDENTITY_REFUSED"
  | "IDENTITY_UNREACHABLE"
  | "SCOPE_MISSING"
  | "STATE_NOT_CONFIGURED"
  | "STATE_UNREACHABLE"
  | "HANDLER_FAILED"
  | "COMMAND_FAILED"
  | "CHILD_LOST"
  | "CHILD_PROTOCOL"
  | "TIMED_OUT"
  | "WORKER_CRASHED"
  | "CRASH_LOOP"
  | "ATTEMPTS_EXHAUSTED"
  | "BATCH_UNRESOLVED"
  | "SHUTDOWN"
  | "SCHEDULE_FAILED";

/** Words for every code that the API can answer with, for languages that it does not speak itself. */
export type CodeWords = Readonly<Record<Exclude<ErrorCode, UnansweredCode>, ProblemWords>>;
