import { isWhole } from "../core/check-options.ts";

/** The options of a look at jobs that may stop before all were looked at. */
export const searchRules = {
  searchAtMost: {
    is: "a whole number from 1 to 1000000",
    test: (value: unknown) => isWhole(value, 1, 1_000_000),
  },
} as const;
