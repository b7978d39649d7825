import type { Schema } from "../route.ts";

declare const of: unique symbol;

/** A schema of JSON that is a `T`: what it is put together of must be what `T` is put together of, or it does not compile. */
export type SchemaOf<T> = Schema & { readonly [of]?: T };

export const text: SchemaOf<string> = { type: "string" };
export const whole: SchemaOf<number> = { type: "integer" };
export const numeric: SchemaOf<number> = { type: "number" };
export const flag: SchemaOf<boolean> = { type: "boolean" };
export const nothing: SchemaOf<null> = { type: "null" };
/** Any JSON. */
export const anything: SchemaOf<unknown> = {};

/** A moment: milliseconds since the epoch. */
export const moment: SchemaOf<number> = {
  type: "number",
  description: "Milliseconds since the epoch.",
};

/** JSON as text, so that integers of any size stay exact. */
export const jsonText: SchemaOf<string> = {
  type: "string",
  contentMediaType: "application/json",
};

/** The named schema of the document. */
export function ref<T>(name: string): SchemaOf<T> {
  return { $ref: `#/components/schemas/${name}` };
}

export function nullable<T>(schema: SchemaOf<T>): SchemaOf<T | null> {
  const { type, enum: few, ...others } = schema;
  if (typeof type !== "string") return { anyOf: [schema, nothing] };
  const allowed = Array.isArray(few) ? { enum: [...(few as unknown[]), null] } : {};
  return { ...(others as Schema), type: [type, "null"], ...allowed };
}

export function list<T>(items: SchemaOf<T>): SchemaOf<readonly T[]> {
  return { type: "array", items };
}

export function words<const T extends string>(...allowed: readonly T[]): SchemaOf<T> {
  return { type: "string", enum: allowed };
}

/** An object whose keys are names of something. */
export function byName<T>(values: SchemaOf<T>): SchemaOf<Readonly<Record<string, T>>> {
  return { type: "object", additionalProperties: values };
}

/** Schemas of all of a type's properties. */
type Properties<T> = { readonly [K in keyof T]-?: SchemaOf<Exclude<T[K], undefined>> };

type OptionalKey<T> = {
  [K in keyof T]-?: object extends Pick<T, K> ? K : never;
}[keyof T];

/** An object with just these properties; those that may be missing are named. */
export function shape<T extends object>(
  properties: Properties<T>,
  ...optional: readonly OptionalKey<T>[]
): SchemaOf<T> {
  const required = Object.keys(properties).filter((name) => !optional.includes(name as never));
  return {
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** An object with at least these properties; what else it has depends on what they say. */
export function atLeast<T extends object>(properties: Partial<Properties<T>>): SchemaOf<T> {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
  };
}
