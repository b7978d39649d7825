import { isName, type OptionRule } from "./check-options.ts";
import { HoldfastError } from "./errors.ts";

/** A value that is compared with one in a payload. */
export type PayloadValue = string | number | boolean | null;

/** Values that payloads must have, by their path; of a list any one. */
export type PayloadFilter = Readonly<Record<string, PayloadValue | readonly PayloadValue[]>>;

/** One value a payload must have at a path of keys and indexes, or one of several. */
export interface PayloadCondition {
  readonly path: readonly string[];
  readonly equals: PayloadValue | readonly PayloadValue[];
}

const mostPaths = 16;
const mostValues = 100;

/** What a filter of payloads must be. */
export const payloadRule: OptionRule = {
  is: `an object of at most ${mostPaths} paths, such as { "customer.id": 7 }, to text, numbers, booleans, null or lists of them`,
  test: isPayloadFilter,
};

/**
 * Reads a filter that keeps the rule.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the path.
 */
export function payloadConditions(
  call: string,
  payload: PayloadFilter,
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
  // Neither database has a way to ask for such keys that the other has too: PostgreSQL reads " -1" as an index too.
  if (path.length <= mostSteps && path.every((step) => /^(?!\s*-\d+$)[^"\\]+$/.test(step)))
    return path;
  throw new HoldfastError(
    "INVALID_OPTION",
    `${call}: payload has the path ${JSON.stringify(text)}; it must be 1 to ${mostSteps} keys or indexes with dots between, a dot inside a key as \\., without quotes, other backslashes and negative indexes.`,
    { details: { option: "payload" } },
  );
}

function isPayloadFilter(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.length <= mostPaths &&
    entries.every(([path, one]) => isName(path) && (isScalar(one) || isList(one)))
  );
}

function isList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= mostValues &&
    value.every((each: unknown) => isScalar(each))
  );
}

function isScalar(value: unknown): boolean {
  if (typeof value === "string") return !/\u0000|\p{Surrogate}/u.test(value);
  return value === null || typeof value === "boolean" || Number.isFinite(value);
}
