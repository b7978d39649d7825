import { type JobState, jobStates } from "./job.ts";
import { traceOf } from "./trace.ts";

/** What a column holds: an id as text, whole milliseconds or another whole number, text, JSON as text, a boolean, or a trace; `?` may be null. */
export type ColumnKind =
  | "id"
  | "id?"
  | "integer"
  | "integer?"
  | "text"
  | "text?"
  | "json"
  | "json?"
  | "boolean"
  | "trace?";

/** The columns of one kind of record, by name. */
export type TransferColumns = Readonly<Record<string, ColumnKind>>;

/** The kinds of things that move from one database to another. */
export type TransferType =
  | "job"
  | "unique-key"
  | "idempotency-key"
  | "generation"
  | "limit"
  | "queue"
  | "schedule"
  | "schedule-group";

/** One thing on its way from one database to another. A job has its `state` beside its columns. */
export interface TransferRecord {
  readonly type: TransferType;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

const everyJob: TransferColumns = {
  id: "id",
  name: "text",
  version: "integer",
  queue: "text",
  priority: "integer",
  attempt: "integer",
  crashes: "integer",
  run: "integer",
  backoff_ms: "integer",
  created_at: "integer",
  run_at: "integer",
  unique_key: "text?",
  unique_while: "text?",
  payload: "json",
  checkpoint: "json?",
  progress: "json?",
  result: "json?",
  policy: "json?",
  attempts: "json?",
  tags: "json?",
  trace: "trace?",
};

const unfinished: TransferColumns = { ...everyJob, gates: "json?" };
const ended: TransferColumns = {
  ...unfinished,
  claimed_at: "integer?",
  finished_at: "integer",
  bucket: "integer",
  reason: "json?",
};

/** What is known of a job in each state. `bucket` is the day it expires; `seq` its place in line. */
export const jobColumns: Readonly<Record<JobState, TransferColumns>> = {
  scheduled: unfinished,
  retryable: unfinished,
  available: { ...unfinished, seq: "id" },
  blocked: { ...unfinished, seq: "id", gate: "text" },
  running: {
    ...unfinished,
    seq: "id",
    owner: "id",
    claimed_at: "integer",
    started: "boolean",
    cancel: "json?",
  },
  completed: {
    ...everyJob,
    owner: "id?",
    claimed_at: "integer?",
    began_at: "integer?",
    finished_at: "integer",
    bucket: "integer",
  },
  cancelled: ended,
  discarded: ended,
};

/** What is known of everything that is no job. */
export const otherColumns: Readonly<Record<Exclude<TransferType, "job">, TransferColumns>> = {
  "unique-key": { name: "text", key: "text", holder: "id", until: "integer?" },
  "idempotency-key": {
    name: "text",
    key: "text",
    job: "id",
    kept_ms: "integer",
    until: "integer?",
  },
  generation: { name: "text", key: "text", job: "id", checkpoint: "json?" },
  limit: {
    name: "text",
    concurrent: "integer?",
    rate_count: "integer?",
    rate_ms: "integer?",
    edited: "boolean",
  },
  queue: {
    name: "text",
    paused: "boolean",
    throttle_level: "integer",
    closed_until: "integer",
    keep_completed_ms: "integer?",
    keep_dead_ms: "integer?",
    concurrency: "integer?",
    max_running: "integer?",
    backoff: "json?",
    changed_at: "integer?",
    changed_by: "text?",
  },
  schedule: {
    name: "text",
    revision: "integer",
    grp: "text?",
    plan: "text",
    paused_at: "integer?",
    paused_by: "text?",
    due_at: "integer?",
    next_at: "integer?",
    last_at: "integer?",
    last_outcome: "text?",
    last_job: "id?",
    failure: "text?",
    created_at: "integer",
    changed_at: "integer",
  },
  "schedule-group": { name: "text", revision: "integer", version: "integer?" },
};

/** The columns of a record of this type, for a job in this state; `undefined` when there is no such thing. */
export function columnsOf(type: unknown, state: unknown): TransferColumns | undefined {
  if (type === "job") {
    const known = jobStates.find((each) => each === state);
    return known === undefined ? undefined : jobColumns[known];
  }
  return typeof type === "string" && Object.hasOwn(otherColumns, type)
    ? otherColumns[type as keyof typeof otherColumns]
    : undefined;
}

/** True for what a column of this kind can hold. JSON is text that was checked elsewhere. */
export function fits(kind: ColumnKind, value: unknown): value is string | number | boolean | null {
  switch (kind) {
    case "id":
      return typeof value === "string" && /^\d{1,19}$/.test(value);
    case "integer":
      return Number.isSafeInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "text":
    case "json":
      return typeof value === "string" && !value.includes("\0");
    case "trace?":
      return value === null || (typeof value === "string" && traceOf(value) !== undefined);
    default:
      return value === null || fits(withoutNull[kind], value);
  }
}

const withoutNull = {
  "id?": "id",
  "integer?": "integer",
  "text?": "text",
  "json?": "json",
} as const;
