import { type ErrorCode, HoldfastError } from "./errors.ts";
import { formatPath } from "./issue.ts";
import { JsonText } from "./json-text.ts";

/** What a value is called in messages, which codes it fails with, and how large it may be. */
export interface JsonRole {
  readonly called: string;
  readonly invalid: ErrorCode;
  readonly maxBytes: number;
}

/** Levels of objects and lists in one another. */
export const maxDepth = 500;

/**
 * Writes a value as JSON text that reads back as the same value, or refuses it by path.
 * `undefined` at the top is `null`; an object's `undefined` members are left out. A `JsonText` is checked and left as it is.
 *
 * @throws {HoldfastError} the role's `invalid` code for NUL, lone surrogates, BigInt, NaN, infinities, dates, class
 * instances, functions, symbols, holes and cycles, each with its path; `PAYLOAD_TOO_LARGE` above the role's limit.
 */
export function encodeJson(value: unknown, role: JsonRole): string {
  if (value === undefined) return "null";
  const text = write(value, role);
  if (text.length * 3 > role.maxBytes) checkSize(text, role);
  return text;
}

function checkSize(text: string, role: JsonRole): void {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= role.maxBytes) return;
  throw new HoldfastError(
    "PAYLOAD_TOO_LARGE",
    `The ${role.called} is ${bytes} bytes of JSON; the limit is ${role.maxBytes}. Store it elsewhere and pass a reference.`,
    { details: { bytes, limit: role.maxBytes } },
  );
}

function write(value: unknown, role: JsonRole): string {
  try {
    const isText = value instanceof JsonText;
    const flaw = findFlaw(isText ? value.value : value, [], isText);
    if (flaw !== undefined) throw refusal(role, flaw);
    if (isText) return value.text;
    const text = JSON.stringify(value);
    // NUL and lone surrogates are written as escapes, so text without escapes needs no second look at its strings.
    const badText = text.includes("\\u") ? findFlaw(value, [], true) : undefined;
    if (badText !== undefined) throw refusal(role, badText);
    return text;
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    throw refusal(role, { why: "reading it failed", steps: [] }, error);
  }
}

/** What JSON cannot say, and the steps that lead there, innermost first. */
interface Flaw {
  readonly why: string;
  readonly steps: PropertyKey[];
}

function flawed(why: string): Flaw {
  return { why, steps: [] };
}

function refusal(role: JsonRole, { why, steps }: Flaw, cause?: unknown): HoldfastError {
  const path = formatPath(steps.toReversed());
  const where = path === "" ? role.called : `${role.called} at ${path}`;
  return new HoldfastError(role.invalid, `The ${where} is invalid: ${why}.`, {
    details: { issues: [{ path, message: why }] },
    ...(cause === undefined ? {} : { cause }),
  });
}

function findFlaw(value: unknown, parents: object[], texts: boolean): Flaw | undefined {
  switch (typeof value) {
    case "boolean":
      return undefined;
    case "string":
      return texts ? findTextFlaw(value) : undefined;
    case "number":
      return Number.isFinite(value) ? undefined : flawed(`${value} is not a JSON number`);
    case "object":
      return value === null ? undefined : findObjectFlaw(value, parents, texts);
    default:
      return flawed(`${typeof value} cannot be written as JSON`);
  }
}

function findTextFlaw(text: string): Flaw | undefined {
  if (text.includes("\u0000")) return flawed("text must not contain NUL");
  return /\p{Surrogate}/u.test(text)
    ? flawed("text must not contain half of a surrogate pair")
    : undefined;
}

function findObjectFlaw(value: object, parents: object[], texts: boolean): Flaw | undefined {
  if (parents.includes(value)) return flawed("it contains itself");
  if (parents.length >= maxDepth) return flawed(`it is nested deeper than ${maxDepth} levels`);
  const why = unplain(value);
  if (why !== undefined) return flawed(why);
  parents.push(value);
  const flaw = Array.isArray(value)
    ? findElementFlaw(value, parents, texts)
    : findMemberFlaw(value as Readonly<Record<string, unknown>>, parents, texts);
  parents.pop();
  return flaw;
}

function findElementFlaw(
  array: readonly unknown[],
  parents: object[],
  texts: boolean,
): Flaw | undefined {
  for (let index = 0; index < array.length; index++) {
    const flaw = findFlaw(array[index], parents, texts);
    if (flaw !== undefined) return below(index, flaw);
  }
  return undefined;
}

function findMemberFlaw(
  object: Readonly<Record<string, unknown>>,
  parents: object[],
  texts: boolean,
): Flaw | undefined {
  // Keys rather than entries: this runs for every enqueue, and an array per member doubles its cost.
  for (const key of Object.keys(object)) {
    const member = object[key];
    const flaw =
      (texts ? findTextFlaw(key) : undefined) ??
      (member === undefined ? undefined : findFlaw(member, parents, texts));
    if (flaw !== undefined) return below(key, flaw);
  }
  return undefined;
}

function below(step: PropertyKey, flaw: Flaw): Flaw {
  flaw.steps.push(step);
  return flaw;
}

/** Why JSON would not keep an object or array whole; prototypes are judged by depth, so other realms' count too. */
function unplain(value: object): string | undefined {
  const array = Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  const root: unknown = array ? Object.getPrototypeOf(prototype) : prototype;
  if (root !== null && Object.getPrototypeOf(root) !== null) {
    return `a ${value.constructor.name} would not read back as itself; pass plain data (a Date as an ISO string)`;
  }
  if ("toJSON" in value) return "its toJSON would write something else; pass plain data";
  if (Object.getOwnPropertySymbols(value).length > 0)
    return "symbol keys cannot be written as JSON";
  if (array && Object.keys(value).length > value.length) {
    return "an array's named members cannot be written as JSON";
  }
  return undefined;
}
