import { checkOptions, isName, isWhole, type OptionRule, oneOf, rule } from "./check-options.ts";
import { type Duration, parseDuration } from "./duration.ts";
import { HoldfastError } from "./errors.ts";
import { isFinished, type JobState, jobStates } from "./job.ts";

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
  /** The name of a queue; `*` stands for any text. */
  readonly queue?: string;
  /** The name of the job's definition; `*` stands for any text: `"send-*"`. */
  readonly name?: string;
  readonly tag?: string;
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
  /**
   * Values inside the payload, by their path: `{ "customer.id": 7, "items.0": "book" }`. A dot in a key is written `\.`; text,
   * numbers, booleans and `null` are compared, each with its own kind only.
   */
  readonly payload?: Readonly<Record<string, string | number | boolean | null>>;
  /** Text in the error of the newest attempt or in the reason for which the job ended, whatever the case of its ASCII letters. */
  readonly error?: string;
}

/** One value a payload must have at a path of keys and indexes. */
export interface PayloadCondition {
  readonly path: readonly string[];
  readonly equals: string | number | boolean | null;
}

/** A filter as storage gets it: checked, moments as milliseconds, and no state that its other conditions rule out. */
export interface JobConditions {
  /** Left out for every state. */
  readonly states?: readonly JobState[];
  /** Exactly, but for `*`. */
  readonly queue?: string;
  /** Exactly, but for `*`. */
  readonly name?: string;
  readonly tag?: string;
  readonly ids?: readonly string[];
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  readonly finishedAfter?: number;
  readonly finishedBefore?: number;
  /** Due at this moment or before, whatever the state. */
  readonly dueUntil?: number;
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
const mostPaths = 16;

/** What each condition must be. */
export const filterRules: Readonly<Record<keyof JobFilter, OptionRule>> = {
  state: {
    is: `one or more of ${jobStates.join(", ")}`,
    test: (value) =>
      Array.isArray(value) ? value.length > 0 && value.every(isState.test) : isState.test(value),
  },
  queue: rule.text,
  name: rule.text,
  tag: rule.text,
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
  payload: {
    is: `an object of at most ${mostPaths} paths, such as { "customer.id": 7 }, to text, numbers, booleans or null`,
    test: isPayloadFilter,
  },
  error: rule.text,
};

/**
 * Checks a filter and makes of it what storage is asked.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the condition.
 */
export function readFilter(call: string, filter: JobFilter, now: number): JobConditions {
  checkOptions(call, filter, filterRules);
  const { state, queue, name, tag, ids, payload, error } = filter;
  const states = statesOf(filter);
  const waited = filter.waitingLongerThan;
  const conditions = {
    states: state === undefined && states.length === jobStates.length ? undefined : states,
    queue,
    name,
    tag,
    ids,
    createdAfter: maybeTime(filter.createdAfter),
    createdBefore: maybeTime(filter.createdBefore),
    finishedAfter: maybeTime(filter.finishedAfter),
    finishedBefore: maybeTime(filter.finishedBefore),
    dueUntil:
      waited === undefined ? undefined : now - parseDuration(waited, `${call}: waitingLongerThan`),
    payload: payload === undefined ? undefined : payloadConditions(call, payload),
    error: error === undefined ? undefined : asciiLower(error),
  };
  return definedOf(conditions);
}

/** The states that a filter leaves over: what it names, less what its other conditions rule out. */
function statesOf(filter: JobFilter): readonly JobState[] {
  const { state, finishedAfter, finishedBefore, waitingLongerThan, error } = filter;
  const named = state === undefined ? jobStates : typeof state === "string" ? [state] : state;
  return jobStates.filter(
    (each) =>
      named.includes(each) &&
      ((finishedAfter === undefined && finishedBefore === undefined) || isFinished(each)) &&
      (waitingLongerThan === undefined || waitingStates.includes(each)) &&
      // The newest attempt of a completed job succeeded.
      (error === undefined || each !== "completed"),
  );
}

/** Text as both databases lower it: letters of ASCII only. */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function payloadConditions(
  call: string,
  payload: NonNullable<JobFilter["payload"]>,
): readonly PayloadCondition[] {
  return Object.entries(payload).map(([text, equals]) => ({ path: pathOf(call, text), equals }));
}

const mostSteps = 8;

/**
 * Splits the path of a payload at dots that are not written `\.`.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function pathOf(call: string, text: string): readonly string[] {
  const path = text.split(/(?<!\\)\./).map((step) => step.replaceAll("\\.", "."));
  // Neither database has a way to ask for such keys that the other has too.
  if (path.length <= mostSteps && path.every((step) => /^(?!-\d+$)[^"\\]+$/.test(step)))
    return path;
  throw new HoldfastError(
    "INVALID_OPTION",
    `${call}: payload has the path ${JSON.stringify(text)}; it must be 1 to ${mostSteps} keys or indexes with dots between, a dot inside a key as \\., without quotes, other backslashes and negative indexes.`,
    { details: { option: "payload" } },
  );
}

function isPayloadFilter(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.length <= mostPaths &&
    entries.every(([path, one]) => isName(path) && isScalar(one))
  );
}

function isScalar(value: unknown): boolean {
  if (typeof value === "string") return !/\u0000|\p{Surrogate}/u.test(value);
  return value === null || typeof value === "boolean" || Number.isFinite(value);
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
