import type { Attempt } from "../../core/attempt.ts";
import type { EndReason } from "../../core/end-reason.ts";
import type { ExplainedReason } from "../../core/explain.ts";
import { type CancelRequest, type JobState, jobStates } from "../../core/job.ts";
import type { LogLine } from "../../core/log-line.ts";
import type { StoredError } from "../../core/stored-error.ts";
import type {
  CancelAnswer,
  Counted,
  EnqueueAnswer,
  JobAnswer,
  JobCountsAnswer,
  JobExplainAnswer,
  JobLogsAnswer,
  JobRecentAnswer,
  JobRow,
  JobsAnswer,
  JobValue,
  JobValuesAnswer,
} from "../wire/jobs.ts";
import {
  anything,
  atLeast,
  byName,
  flag,
  jsonText,
  list,
  moment,
  nullable,
  numeric,
  ref,
  type SchemaOf,
  shape,
  text,
  whole,
  words,
} from "./typed-schema.ts";

export const jobState = words(...jobStates);
export const counted = ref<Counted>("Counted");
export const jobRow = ref<JobRow>("JobRow");

const storedError = ref<StoredError>("StoredError");

/** Something for each state of a job. */
export function byState<T>(schema: SchemaOf<T>): SchemaOf<Readonly<Record<JobState, T>>> {
  const each = Object.fromEntries(jobStates.map((state) => [state, schema]));
  return shape(each as Record<JobState, SchemaOf<never>>);
}

const attempt = shape<Attempt>(
  {
    number: whole,
    run: whole,
    worker: text,
    began: moment,
    ended: moment,
    how: words(
      "completed",
      "rescheduled",
      "snoozed",
      "throttled",
      "released",
      "failed",
      "timed-out",
      "crashed",
      "cancelled",
      "discarded",
    ),
    error: storedError,
  },
  "error",
);

/** What stands both in a list and in the job itself. */
const inBoth = {
  id: text,
  name: text,
  queue: text,
  priority: whole,
  state: jobState,
  attempt: whole,
  crashes: whole,
  worker: nullable(text),
  createdAt: moment,
  runAt: moment,
  claimedAt: nullable(moment),
  finishedAt: nullable(moment),
  tags: list(text),
  waitingFor: nullable(text),
} as const;

const explanation = shape<JobExplainAnswer>({
  id: text,
  state: jobState,
  // Each kind has facts of its own beside these.
  reasons: list(atLeast<ExplainedReason>({ kind: text as SchemaOf<never>, text })),
  sentence: text,
});

const logLine = shape<LogLine>({
  at: moment,
  level: words("info", "warn", "error"),
  message: text,
  fields: byName(anything),
  attempt: whole,
  run: whole,
});

/** What is answered about jobs. */
export const jobSchemas = {
  Counted: shape<Counted>({ count: whole, atLeast: flag }),
  StoredError: shape<StoredError>(
    {
      name: text,
      message: text,
      code: text,
      stack: text,
      cause: storedError,
      errors: list(storedError),
    },
    "code",
    "stack",
    "cause",
    "errors",
  ),
  JobRow: shape<JobRow>({
    ...inBoth,
    progress: anything,
    payload: jsonText,
    error: nullable(text),
    cancelling: flag,
  }),
  Jobs: shape<JobsAnswer>({
    jobs: list(jobRow),
    next: nullable(text),
    partial: flag,
    searchedTo: nullable(moment),
    now: moment,
  }),
  JobCounts: shape<JobCountsAnswer>({ states: byState(counted), matching: counted }),
  JobValues: shape<JobValuesAnswer>({
    values: list(shape<JobValue>({ text, kind: words("path", "value") })),
  }),
  Job: shape<JobAnswer>({
    ...inBoth,
    version: whole,
    run: whole,
    payload: jsonText,
    result: nullable(jsonText),
    checkpoint: nullable(jsonText),
    progress: nullable(jsonText),
    cancelRequested: nullable(shape<CancelRequest>({ why: text, by: nullable(text), at: moment })),
    reason: nullable(
      shape<EndReason>(
        { code: text as SchemaOf<EndReason["code"]>, message: text, by: text },
        "by",
      ),
    ),
    attempts: list(attempt),
    uniqueKey: nullable(text),
    gates: list(shape({ gate: text, weight: numeric })),
    trace: nullable(text),
    redacted: list(text),
    now: moment,
  }),
  JobExplanation: explanation,
  JobLogs: shape<JobLogsAnswer>({ lines: list(logLine) }),
  JobRecent: shape<JobRecentAnswer>({
    jobs: list(shape({ id: text, state: jobState, ranMs: nullable(numeric), at: moment })),
  }),
  Enqueued: shape<EnqueueAnswer>({ id: text }),
  Cancelled: shape<CancelAnswer>({ outcome: words("cancelled", "cancelling", "finished") }),
} as const;
