import { HoldfastError } from "./errors.ts";

/** What an option must be, in words for the message and as a test. */
export interface OptionRule {
  readonly is: string;
  readonly test: (value: unknown) => boolean;
}

/** The rules most options follow. */
export const rule = {
  text: { is: "a non-empty string of at most 255 characters without NUL", test: isName },
  boolean: { is: "true or false", test: (value) => typeof value === "boolean" },
  count: { is: "a whole number of at least 1", test: (value) => isWhole(value, 1) },
  function: { is: "a function", test: (value) => typeof value === "function" },
  object: { is: "an object", test: (value) => typeof value === "object" && value !== null },
  transaction: { is: "an open transaction of the same database", test: isTransactionLike },
  note: { is: "text of at most 1000 characters without NUL", test: isNote },
  any: { is: "anything", test: () => true },
} as const satisfies Readonly<Record<string, OptionRule>>;

/** Some libraries' transactions are functions. */
export function isTransactionLike(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** True for a whole number within bounds. */
export function isWhole(
  value: unknown,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** True for text that can name a job, a queue or a key on both databases. */
export function isName(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.length >= 1 &&
    value.length <= 255 &&
    !/\u0000|\p{Surrogate}/u.test(value)
  );
}

function isNote(value: unknown): boolean {
  return typeof value === "string" && value.length <= 1_000 && !/\u0000|\p{Surrogate}/u.test(value);
}

/** A rule that allows only the listed words. */
export function oneOf(...words: readonly string[]): OptionRule {
  return {
    is: words.map((word) => JSON.stringify(word)).join(" or "),
    test: (value) => typeof value === "string" && words.includes(value),
  };
}

/**
 * Refuses options that do not exist or are of the wrong type; `undefined` counts as not given.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the option, what it must be, and the options there are.
 */
export function checkOptions(
  where: string,
  options: unknown,
  rules: Readonly<Record<string, OptionRule>>,
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `${where} takes an object of options; got ${kindOf(options)}.`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    const expected = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (expected === undefined) {
      const known = Object.keys(rules).join(", ");
      throw new HoldfastError(
        "INVALID_OPTION",
        `${where} has no option ${JSON.stringify(name)}; it has ${known}.`,
        { details: { option: name } },
      );
    }
    if (value !== undefined && !expected.test(value)) {
      throw new HoldfastError(
        "INVALID_OPTION",
        `${where}: ${name} must be ${expected.is}; got ${kindOf(value)}.`,
        { details: { option: name } },
      );
    }
  }
}

/** What a wrong value is, in words for a message. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "an array" : "an object";
  return typeof value === "function" ? "a function" : String(value);
}
