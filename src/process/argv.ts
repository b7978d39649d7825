import type { OptionRule } from "../core/check-options.ts";

/** A program and its arguments. */
export const argvRule: OptionRule = {
  is: "a list of texts without NUL, the program first",
  test: (value) => isTexts(value) && (value[0] ?? "") !== "",
};

/** Names of variables. */
export const namesRule: OptionRule = {
  is: "a list of names",
  test: (value) => isTexts(value) && !value.includes(""),
};

function isTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((part) => typeof part === "string" && !part.includes("\u0000"))
  );
}
