import { checkOptions, isWhole, type OptionRule, rule } from "./check-options.ts";
import { type Duration, parseDuration } from "./duration.ts";
import type { QueueChange } from "./queues-client.ts";
import { type BackoffPolicy, readBackoffCurve } from "./retry-policy.ts";

/** A change of a queue's settings, checked: what is absent stays, `null` takes a setting back. Times are milliseconds. */
export interface QueueEdit {
  readonly concurrency?: number | null;
  readonly maxRunning?: number | null;
  readonly backoff?: BackoffPolicy | null;
  readonly keepCompletedMs?: number | null;
  readonly keepDeadMs?: number | null;
  readonly cooling?: null;
}

/** More than any process runs; the database counts in 32 bits. */
const mostAtOnce = 1_000_000;
const dayMs = 86_400_000;
/** A hundred years: the day a job expires is counted in 32 bits too. */
const longestMs = 36_500 * dayMs;

const countOrNull: OptionRule = {
  is: `a whole number from 1 to ${mostAtOnce}, or null`,
  test: (value) => value === null || isWhole(value, 1, mostAtOnce),
};

const objectOrNull: OptionRule = {
  is: "an object, or null",
  test: (value) => value === null || rule.object.test(value),
};

const nothing: OptionRule = {
  is: "null, which ends it: only a throttled handler begins it",
  test: (value) => value === null,
};

const rules: Readonly<Record<string, OptionRule>> = {
  concurrency: countOrNull,
  maxRunning: countOrNull,
  backoff: objectOrNull,
  retention: objectOrNull,
  cooling: nothing,
  by: rule.text,
};

const atMost: OptionRule = {
  is: "a time of at most 100 years, or null",
  test: (value) => value === null || typeof value === "number" || typeof value === "string",
};

/**
 * Reads a change of a queue; `call` is what the caller calls it.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming what is wrong.
 */
export function readQueueChange(call: string, to: QueueChange): QueueEdit {
  checkOptions(call, to, rules);
  const { concurrency, maxRunning, backoff, cooling } = to;
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(maxRunning === undefined ? {} : { maxRunning }),
    ...(backoff === undefined ? {} : { backoff: readBackoff(call, backoff) }),
    ...(cooling === undefined ? {} : { cooling }),
    ...readRetention(call, to.retention),
  };
}

function readBackoff(call: string, backoff: NonNullable<QueueChange["backoff"]> | null) {
  return backoff === null ? null : readBackoffCurve(`${call}: backoff`, backoff);
}

function readRetention(
  call: string,
  retention: QueueChange["retention"],
): Pick<QueueEdit, "keepCompletedMs" | "keepDeadMs"> {
  if (retention === undefined) return {};
  if (retention === null) return { keepCompletedMs: null, keepDeadMs: null };
  checkOptions(`${call}: retention`, retention, { completed: atMost, dead: atMost });
  const { completed, dead } = retention;
  return {
    ...(completed === undefined ? {} : { keepCompletedMs: readKept(call, "completed", completed) }),
    ...(dead === undefined ? {} : { keepDeadMs: readKept(call, "dead", dead) }),
  };
}

function readKept(call: string, which: string, kept: Duration | null): number | null {
  if (kept === null) return null;
  const where = `${call}: retention.${which}`;
  const ms = parseDuration(kept, where);
  checkOptions(
    call,
    { retention: ms },
    { retention: { is: atMost.is, test: () => ms <= longestMs } },
  );
  return ms;
}
