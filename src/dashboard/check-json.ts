import { kindOf } from "../core/check-options.ts";
import type { Schema } from "./route.ts";

type Keyword = (value: unknown, arg: never, at: string, schema: Schema) => string | undefined;

/** What each keyword demands: `undefined`, or what is wrong, in words. */
const keywords: Readonly<Record<string, Keyword>> = {
  type: (value, types: string | readonly string[], at) => {
    const list = typeof types === "string" ? [types] : types;
    if (list.some((type) => isOfType(value, type))) return undefined;
    return `${at} must be ${list.map((type) => words[type] ?? type).join(" or ")}; got ${kindOf(value)}`;
  },
  enum: (value, allowed: readonly unknown[], at) =>
    allowed.includes(value)
      ? undefined
      : `${at} must be ${allowed.map((each) => JSON.stringify(each)).join(" or ")}`,
  const: (value, only: unknown, at) =>
    value === only ? undefined : `${at} must be ${JSON.stringify(only)}`,
  minimum: (value, min: number, at) =>
    typeof value === "number" && value < min ? `${at} must be at least ${min}` : undefined,
  maximum: (value, max: number, at) =>
    typeof value === "number" && value > max ? `${at} must be at most ${max}` : undefined,
  minLength: (value, min: number, at) =>
    typeof value === "string" && value.length < min
      ? `${at} must have at least ${min} characters`
      : undefined,
  maxLength: (value, max: number, at) =>
    typeof value === "string" && value.length > max
      ? `${at} must have at most ${max} characters`
      : undefined,
  minItems: (value, min: number, at) =>
    Array.isArray(value) && value.length < min
      ? `${at} must have at least ${min} items`
      : undefined,
  maxItems: (value, max: number, at) =>
    Array.isArray(value) && value.length > max ? `${at} must have at most ${max} items` : undefined,
  items: (value, schema: Schema, at) =>
    Array.isArray(value)
      ? first(value.map((item, index) => () => faultOf(schema, item, `${at}[${index}]`)))
      : undefined,
  properties: (value, properties: Readonly<Record<string, Schema>>, at) =>
    isRecord(value)
      ? first(
          Object.entries(properties)
            .filter(([name]) => Object.hasOwn(value, name))
            .map(
              ([name, schema]) =>
                () =>
                  faultOf(schema, value[name], `${at}.${name}`),
            ),
        )
      : undefined,
  required: (value, names: readonly string[], at) => {
    const missing = isRecord(value) ? names.find((name) => !Object.hasOwn(value, name)) : undefined;
    return missing === undefined ? undefined : `${at} must have ${missing}`;
  },
  additionalProperties: (value, allowed: Schema | boolean, at, { properties = {} }) => {
    if (!isRecord(value) || allowed === true) return undefined;
    const more = Object.keys(value).filter((name) => !Object.hasOwn(properties as object, name));
    if (allowed !== false) {
      return first(more.map((name) => () => faultOf(allowed, value[name], `${at}.${name}`)));
    }
    if (more[0] === undefined) return undefined;
    const known = Object.keys(properties as object).join(", ");
    return `${at} has no ${JSON.stringify(more[0])}${known === "" ? "" : `; it has ${known}`}`;
  },
  description: () => undefined,
};

const words: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  object: "an object",
  string: "text",
};

/**
 * What is wrong with a value by a schema, in words; `undefined` when nothing is. It knows the part of JSON Schema that the routes use.
 *
 * @throws {TypeError} for a keyword it does not know.
 */
export function faultOf(schema: Schema, value: unknown, at: string): string | undefined {
  return first(
    Object.entries(schema).map(([name, arg]) => () => {
      const keyword = Object.hasOwn(keywords, name) ? keywords[name] : undefined;
      if (keyword === undefined) throw new TypeError(`no check knows the keyword ${name} of ${at}`);
      return keyword(value, arg as never, at, schema);
    }),
  );
}

function first(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isRecord(value);
  if (type === "integer") return Number.isSafeInteger(value);
  return typeof value === type;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
