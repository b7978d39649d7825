/** A value of a library whose types are not at hand. */
export type Shaped = Readonly<Record<string, unknown>>;

/** True for an object or function that has all these methods. */
export function hasMethods<const Names extends readonly string[]>(
  value: unknown,
  ...names: Names
): value is Readonly<Record<Names[number], (...given: never[]) => unknown>> & Shaped {
  return isShaped(value) && names.every((name) => typeof value[name] === "function");
}

/** True for what can have members. */
export function isShaped(value: unknown): value is Shaped {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
