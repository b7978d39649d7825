import { checkOptions, type OptionRule, rule } from "./check-options.ts";
import { HoldfastError } from "./errors.ts";
import { countRule } from "./limit-options.ts";
import type { LimitChange } from "./limits-client.ts";
import { parseRate, type Rate } from "./rate.ts";

/** A change of a scope, read; what is left out stays, `null` takes it away. */
export interface ScopeChange {
  readonly concurrent?: number | null;
  readonly rate?: Rate | null;
}

const rules: Readonly<Record<keyof LimitChange, OptionRule>> = {
  concurrent: {
    is: `${countRule.is}, or null for any number`,
    test: (value) => value === null || countRule.test(value),
  },
  rate: rule.any,
  by: rule.note,
};

/**
 * Reads a change of a limit.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, also when it changes nothing.
 */
export function readScopeChange(where: string, to: LimitChange): ScopeChange {
  checkOptions(where, to, rules);
  const { concurrent, rate } = to;
  if (concurrent === undefined && rate === undefined) {
    throw new HoldfastError("INVALID_OPTION", `${where} needs concurrent, rate or both.`);
  }
  return {
    ...(concurrent === undefined ? {} : { concurrent }),
    ...(rate === undefined
      ? {}
      : { rate: rate === null ? null : parseRate(rate, `${where}: rate`) }),
  };
}
