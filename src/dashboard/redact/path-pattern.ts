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

/** How far they come with one more key. */
export function advance(progress: Progress, key: string): Progress {
  const plain = plainKey(key);
  const next: (readonly [PathPattern, number])[] = [];
  const seen = new Set<string>();
  for (const [pattern, at] of progress) {
    const step = pattern.steps[at];
    if (step === undefined) continue;
    if (step !== "any" && step !== "one" && step.key !== plain) continue;
    for (const one of closure(pattern, step === "any" ? at : at + 1)) {
      const mark = `${progressId(one[0])} ${one[1]}`;
      if (!seen.has(mark)) next.push(one);
      seen.add(mark);
    }
  }
  return next;
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

const ids = new WeakMap<PathPattern, number>();
let last = 0;

function progressId(pattern: PathPattern): number {
  const known = ids.get(pattern);
  if (known !== undefined) return known;
  last += 1;
  ids.set(pattern, last);
  return last;
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
