import type { OptionRule } from "./check-options.ts";

/** Who and why, in people's words. */
export const note: OptionRule = {
  is: "text of at most 1000 characters without NUL",
  test: (value) =>
    typeof value === "string" && value.length <= 1_000 && !/\u0000|\p{Surrogate}/u.test(value),
};
