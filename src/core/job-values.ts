import type { Job } from "./job.ts";
import type { JobFilter } from "./job-filter.ts";

/** A value that a filter can ask for. */
export type FilterValue = string | number | boolean | null;

/** Which values to name. */
export interface JobValuesOptions {
  /** Of which part of jobs. `payload` without a `path` gives the paths there are, with one the values found there. */
  readonly field: "name" | "queue" | "tag" | "payload";
  /** A path in payloads, as a filter names it. */
  readonly path?: string;
  /** Only those that begin with this, whatever the case of letters. */
  readonly prefix?: string;
  /** The most values to name, 1 to 1000; default 20. */
  readonly limit?: number;
  /** Looks for tags, paths and their values in jobs that match this. */
  readonly filter?: JobFilter;
}

/** Those that begin with a prefix and can be asked for, no more than so many. */
export function chooseValues(
  values: readonly FilterValue[],
  { prefix = "", limit = 20 }: Pick<JobValuesOptions, "prefix" | "limit">,
): readonly FilterValue[] {
  const begin = prefix.toLowerCase();
  return values
    .filter((value) => isAskable(value) && String(value).toLowerCase().startsWith(begin))
    .slice(0, limit);
}

/** A number as large as this may have been rounded, and longer texts are no help. */
function isAskable(value: FilterValue): boolean {
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value !== "string" || value.length <= 255;
}

/** What is there once or more often: the most frequent first, then in order. */
export function byFrequency<Value extends FilterValue>(values: Iterable<Value>): readonly Value[] {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, often], [b, seldom]) => seldom - often || compareTexts(String(a), String(b)))
    .map(([value]) => value);
}

/** In the order of their characters, the same everywhere. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The paths at which the payloads of jobs have a value that can be asked for; an index is given as it is. */
export function pathsIn(jobs: readonly Pick<Job, "payload">[]): readonly string[] {
  return byFrequency(jobs.flatMap(({ payload }) => [...pathsOf(payload, [])]));
}

const mostSteps = 8;
const mostItems = 10;

function* pathsOf(value: unknown, steps: readonly string[]): Generator<string> {
  if (typeof value !== "object" || value === null) {
    const path = steps.join(".");
    if (steps.length > 0 && path.length <= 255 && value !== undefined) yield path;
    return;
  }
  if (steps.length === mostSteps) return;
  // Lists are long and alike: their first items say what is in them.
  const entries = Object.entries(value);
  for (const [key, inner] of Array.isArray(value) ? entries.slice(0, mostItems) : entries) {
    if (isStep(key)) yield* pathsOf(inner, [...steps, key.replaceAll(".", "\\.")]);
  }
}

/** True for a key that a filter can name. */
function isStep(key: string): boolean {
  return /^(?!-\d+$)[^"\\\u0000]+$/.test(key);
}

/** The values that payloads of jobs have at a path of keys and indexes. */
export function valuesAt(
  jobs: readonly Pick<Job, "payload">[],
  path: readonly string[],
): readonly FilterValue[] {
  return byFrequency(
    jobs.flatMap(({ payload }) => {
      const value = path.reduce<unknown>(stepInto, payload);
      return isScalar(value) ? [value] : [];
    }),
  );
}

function stepInto(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function isScalar(value: unknown): value is FilterValue {
  return (
    value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
  );
}
