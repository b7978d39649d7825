import type { Settlement } from "../../../core/settlement.ts";
import { fences } from "../rows.ts";
import { numberArray, textArray } from "./array-literal.ts";

/** The parameters of `completeCall`. */
export function completeParams(settlements: readonly Settlement[]): readonly unknown[] {
  const attempts = settlements.map((settlement) => settlement.attempts[0]);
  return [
    ...fences(settlements.map(({ lease }) => lease)),
    numberArray(attempts.map((attempt) => attempt?.began ?? null)),
    numberArray(attempts.map((attempt) => attempt?.ended ?? null)),
    textArray(settlements.map(({ result }) => result ?? null)),
  ];
}

/** The call that finishes plain successes, its parameters after the first `offset`; what it does stands with the function. */
export function completeCall(schema: string, offset: number): string {
  const params = [1, 2, 3, 4, 5, 6].map((nth) => `$${offset + nth}`);
  return `${schema}.complete_jobs(${params.join(", ")})`;
}
