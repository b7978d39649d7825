import { checkOptions, isName, isWhole, type OptionRule, oneOf, rule } from "./check-options.ts";
import { type Duration, parseDuration } from "./duration.ts";
import { isFinished, type JobState, jobStates } from "./job.ts";
import {
  type PayloadCondition,
  type PayloadFilter,
  payloadConditions,
  payloadRule,
} from "./payload-filter.ts";

/** A moment: a `Date`, or milliseconds since the epoch. */
export type Moment = Date | number;

/**
 * Which jobs; all given conditions must hold, and `{}` is every job. The same filter lists, counts and says what an operation is
 * about.
 *
 * @example
 * ```ts
 * const stuck = await client.jobs.count({ queue: "emails", waitingLongerThan: "10m" });
 * const { jobs } = await client.jobs.list({ name: "send-*", error: "ECONNREFUSED", payload: { "customer.id": 7 } });
 * ```
 */
export interface JobFilter {
  readonly state?: JobState | readonly JobState[];
  /** The name of a queue, or one of several; `*` stands for any text. */
  readonly queue?: string | readonly string[];
  /** The name of the job's definition, or one of several; `*` stands for any text: `"send-*"`. */
  readonly name?: string | readonly string[];
  /** A tag it has, or one of several. */
  readonly tag?: string | readonly string[];
  /** These jobs, at most 1000. */
  readonly ids?: readonly string[];
  /** Enqueued at this moment or later. */
  readonly createdAfter?: Moment;
  /** Enqueued before this moment. */
  readonly createdBefore?: Moment;
  /** Finished at this moment or later; finds finished jobs only. */
  readonly finishedAfter?: Moment;
  /** Finished before this moment; finds finished jobs only. */
  readonly finishedBefore?: Moment;
  /** Due for longer than this and neither running nor finished. */
  readonly waitingLongerThan?: Duration;
  /** Running for longer than this. */
  readonly runningLongerThan?: Duration;
  /** The newest attempt that ended took longer than this. */
  readonly tookLongerThan?: Duration;
  /** Whether a worker died or lost it while it ran, in an attempt that is kept or the ones just before now. */
  readonly rescued?: boolean;
  /** The id of the worker that runs it, or ran the newest attempt that ended. */
  readonly worker?: string;
  /** The gate a blocked job waits at, as `waitingFor` of a job says: `"lane:user 7"`, `"limit:api"`. */
  readonly waitingFor?: string;
  readonly uniqueKey?: string;
  /**
   * Values inside the payload, by their path: `{ "customer.id": 7, "items.0": ["book", "film"] }`, any one of a list. A dot in a key
   * is written `\.`; text, numbers, booleans and `null` are compared, each with its own kind only.
   */
  readonly payload?: PayloadFilter;
  /** Text in the error of the newest attempt or in the reason for which the job ended, whatever the case of its ASCII letters. */
  readonly error?: string;
}

/** A filter as storage gets it: checked, moments as milliseconds, and no state that its other conditions rule out. */
export interface JobConditions {
  /** Left out for every state. */
  readonly states?: readonly JobState[];
  /** Any one of a list, exactly but for `*`. */
  readonly queue?: string | readonly string[];
  /** Any one of a list, exactly but for `*`. */
  readonly name?: string | readonly string[];
  readonly tag?: string | readonly string[];
  readonly ids?: readonly string[];
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  readonly finishedAfter?: number;
  readonly finishedBefore?: number;
  /** Due at this moment or before, whatever the state. */
  readonly dueUntil?: number;
  /** Running, and claimed at this moment or before. */
  readonly claimedUntil?: number;
  /** The newest attempt took longer than so many milliseconds. */
  readonly tookMs?: number;
  readonly rescued?: boolean;
  readonly worker?: string;
  readonly gate?: string;
  readonly uniqueKey?: string;
  readonly payload?: readonly PayloadCondition[];
  /** ASCII letters in lower case. */
  readonly error?: string;
}

/** States in which a job waits to be run. */
export const waitingStates: readonly JobState[] = [
  "scheduled",
  "available",
  "blocked",
  "retryable",
];

const isState = oneOf(...jobStates);

const moment: OptionRule = {
  is: "a Date or milliseconds since the epoch",
  test: (value) => isWhole(timeOf(value), 0, 8.64e15),
};

const mostIds = 1_000;

const mostNames = 100;

const names: OptionRule = {
  is: `text of at most 255 characters, or a list of 1 to ${mostNames} of them`,
  test: (value) =>
    Array.isArray(value)
      ? value.length > 0 && value.length <= mostNames && value.every(isName)
      : isName(value),
};

/** What each condition must be. */
export const filterRules: Readonly<Record<keyof JobFilter, OptionRule>> = {
  state: {
    is: `one or more of ${jobStates.join(", ")}`,
    test: (value) =>
      Array.isArray(value) ? value.length > 0 && value.every(isState.test) : isState.test(value),
  },
  queue: names,
  name: names,
  tag: names,
  ids: {
    is: `a list of 1 to ${mostIds} ids`,
    test: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= mostIds &&
      value.every((id) => typeof id === "string" && /^\d{1,19}$/.test(id)),
  },
  createdAfter: moment,
  createdBefore: moment,
  finishedAfter: moment,
  finishedBefore: moment,
  waitingLongerThan: rule.any,
  runningLongerThan: rule.any,
  tookLongerThan: rule.any,
  rescued: rule.boolean,
  worker: rule.text,
  waitingFor: rule.text,
  uniqueKey: rule.text,
  payload: payloadRule,
  error: rule.text,
};

/**
 * Checks a filter and makes of it what storage is asked.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the condition.
 */
export function readFilter(call: string, filter: JobFilter, now: number): JobConditions {
  checkOptions(call, filter, filterRules);
  const { state, queue, name, tag, ids, rescued, worker, uniqueKey, payload, error } = filter;
  const states = statesOf(filter);
  const ago = (condition: "waitingLongerThan" | "runningLongerThan") => {
    const ms = msOf(call, filter, condition);
    return ms === undefined ? undefined : now - ms;
  };
  const conditions = {
    states: state === undefined && states.length === jobStates.length ? undefined : states,
    queue,
    name,
    tag,
    ids,
    rescued,
    worker,
    uniqueKey,
    gate: filter.waitingFor,
    createdAfter: maybeTime(filter.createdAfter),
    createdBefore: maybeTime(filter.createdBefore),
    finishedAfter: maybeTime(filter.finishedAfter),
    finishedBefore: maybeTime(filter.finishedBefore),
    dueUntil: ago("waitingLongerThan"),
    claimedUntil: ago("runningLongerThan"),
    tookMs: msOf(call, filter, "tookLongerThan"),
    payload: payload === undefined ? undefined : payloadConditions(call, payload),
    error: error === undefined ? undefined : asciiLower(error),
  };
  return definedOf(conditions);
}

/** The states that a filter leaves over: what it names, less what its other conditions rule out. */
function statesOf(filter: JobFilter): readonly JobState[] {
  const { state, finishedAfter, finishedBefore, waitingLongerThan, error } = filter;
  const { runningLongerThan, waitingFor } = filter;
  const named = state === undefined ? jobStates : typeof state === "string" ? [state] : state;
  return jobStates.filter(
    (each) =>
      named.includes(each) &&
      ((finishedAfter === undefined && finishedBefore === undefined) || isFinished(each)) &&
      (waitingLongerThan === undefined || waitingStates.includes(each)) &&
      (runningLongerThan === undefined || each === "running") &&
      (waitingFor === undefined || each === "blocked") &&
      // The newest attempt of a completed job succeeded.
      (error === undefined || each !== "completed"),
  );
}

function msOf(
  call: string,
  filter: JobFilter,
  condition: "waitingLongerThan" | "runningLongerThan" | "tookLongerThan",
): number | undefined {
  const duration = filter[condition];
  return duration === undefined ? undefined : parseDuration(duration, `${call}: ${condition}`);
}

/** Text as both databases lower it: letters of ASCII only. */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  return typeof value === "number" ? Math.round(value) : Number.NaN;
}

function maybeTime(value: Moment | undefined): number | undefined {
  return value === undefined ? undefined : timeOf(value);
}

type Defined<Given> = { readonly [Name in keyof Given]?: Exclude<Given[Name], undefined> };

function definedOf<Given extends object>(given: Given): Defined<Given> {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<Given>;
}
