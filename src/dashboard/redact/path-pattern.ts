import { HoldfastError } from "../../core/errors.ts";

/** A step of a pattern: a key or index, any one of them, or any number of them. */
type Step = { readonly key: string } | "one" | "any";

/** Which places in JSON: the parts of a job, then keys and indexes. */
export interface PathPattern {
  readonly steps: readonly Step[];
}

/** How far each of some patterns has come on the way down: pairs of a pattern and a place in it. */
export type Progress = readonly (readonly [pattern: PathPattern, at: number])[];

const mostSteps = 32;

/**
 * Reads a pattern: `payload.card.number`, `payload.users.*.email` for any one key or index, `**.password` for any number of them. A
 * dot in a key is written `\.`.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function parsePattern(text: string): PathPattern {
  const keys = text.split(/(?<!\\)\./);
  if (keys.includes("") || keys.length > mostSteps) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `createDashboard: redact has the path ${JSON.stringify(text.slice(0, 80))}; it must be 1 to ${mostSteps} keys, indexes, * or ** with dots between, such as payload.users.*.email.`,
    );
  }
  return { steps: keys.map(stepOf) };
}

function stepOf(key: string): Step {
  if (key === "*") return "one";
  return key === "**" ? "any" : { key: plainKey(key.replaceAll("\\.", ".")) };
}

/** Indexes in one way only: databases take "+1" and "01" for 1. */
function plainKey(key: string): string {
  return /^\s*[+-]?\d+\s*$/.test(key) ? String(Number(key)) : key;
}

/** All patterns at the root. */
export function begin(patterns: readonly PathPattern[]): Progress {
  return patterns.flatMap((pattern) => closure(pattern, 0));
}

/** What was found of a progress before: by key, and under `""` for the keys that no pattern names, which all lead to the same. */
const known = new WeakMap<Progress, Map<string, Progress>>();

/** How far they come with one more key. Payloads ask this for each of their values, and few of its answers differ. */
export function advance(progress: Progress, key: string): Progress {
  const plain = plainKey(key);
  const named = progress.some(([{ steps }, at]) => isNamed(steps[at], plain)) ? plain : "";
  const answers = known.get(progress) ?? new Map<string, Progress>();
  known.set(progress, answers);
  const found = answers.get(named);
  if (found !== undefined) return found;
  const next = step(progress, named === "" ? undefined : plain);
  // A `**` stays where it is: the same answer each time is one that was found before.
  const same = isSame(next, progress) ? progress : next;
  answers.set(named, same);
  return same;
}

function isNamed(at: Step | undefined, key: string): boolean {
  return typeof at === "object" && at.key === key;
}

function step(progress: Progress, key: string | undefined): Progress {
  const next: (readonly [PathPattern, number])[] = [];
  for (const [pattern, at] of progress) {
    const wanted = pattern.steps[at];
    if (wanted === undefined) continue;
    if (typeof wanted === "object" && wanted.key !== key) continue;
    for (const one of closure(pattern, wanted === "any" ? at : at + 1)) {
      if (!next.some(([other, place]) => other === one[0] && place === one[1])) next.push(one);
    }
  }
  return next;
}

function isSame(one: Progress, other: Progress): boolean {
  return (
    one.length === other.length &&
    one.every(([pattern, at], index) => pattern === other[index]?.[0] && at === other[index]?.[1])
  );
}

/** True where a pattern ends: this place, and all below it, is what it means. */
export function isMet(progress: Progress): boolean {
  return progress.some(([{ steps }, at]) => at === steps.length);
}

/** A `**` may also stand for nothing. */
function closure(pattern: PathPattern, at: number): Progress {
  const here = [pattern, at] as const;
  return pattern.steps[at] === "any" ? [here, ...closure(pattern, at + 1)] : [here];
}

/** True when a path leads to a place that a pattern means, or below one. */
export function covers(patterns: readonly PathPattern[], path: readonly string[]): boolean {
  let progress = begin(patterns);
  for (const key of path) {
    if (isMet(progress)) return true;
    progress = advance(progress, key);
  }
  return isMet(progress);
}
