import type { Settlement } from "../../../core/settlement.ts";
import { fences } from "../rows.ts";
import { numberArray, textArray } from "./array-literal.ts";

/** The parameters of `completeCall`. */
export function completeParams(settlements: readonly Settlement[]): readonly unknown[] {
  const attempts = settlements.map((settlement) => settlement.attempts[0]);
  const began = attempts.map((attempt) => attempt?.began ?? null);
  const ended = attempts.map((attempt) => attempt?.ended ?? null);
  const near = nearness(settlements);
  if (near === undefined) {
    const results = textArray(settlements.map(({ result }) => result ?? null));
    const leases = fences(settlements.map(({ lease }) => lease));
    return [...leases, numberArray(began), numberArray(ended), results, null];
  }
  const { first, spread } = near;
  const ids = settlements.map(({ lease }) => lease.id);
  const owners = spread(settlements.map(({ lease }) => lease.owner));
  const runs = spread(settlements.map(({ lease }) => lease.run));
  return [numberArray(ids), owners, runs, spread(began), spread(ended), null, first];
}

type Value = string | number | null;

interface Nearness {
  readonly first: number;
  /** A list that has each value at the distance of its job's id from the first. */
  readonly spread: (values: readonly Value[]) => string;
}

/** How to find jobs by their ids' distance from the lowest: worth it while few places stay empty and no results are brought. */
function nearness(settlements: readonly Settlement[]): Nearness | undefined {
  const ids = settlements.map(({ lease }) => plainNumber(lease.id));
  const first = ids.reduce((low, id) => Math.min(low, id), Number.POSITIVE_INFINITY);
  const width = ids.reduce((high, id) => Math.max(high, id), 0) - first + 1;
  const plain = settlements.every(
    ({ lease, result }) => result === undefined && plainNumber(lease.owner) > 0,
  );
  if (!plain || !Number.isSafeInteger(first) || width > 2 * ids.length) return undefined;
  const spread = (values: readonly Value[]) => {
    const places = Array.from<Value>({ length: width }).fill(0);
    for (const [index, id] of ids.entries()) places[id - first] = values[index] ?? null;
    return numberArray(places);
  };
  return { first, spread };
}

/** `NaN`, which is near nothing, for text that is no number or too large a one to count with. */
function plainNumber(id: string): number {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : Number.NaN;
}

/** The call that finishes plain successes, its parameters after the first `offset`; what it does stands with the function. */
export function completeCall(schema: string, offset: number): string {
  const params = [1, 2, 3, 4, 5, 6, 7].map((nth) => `$${offset + nth}`);
  return `${schema}.complete_jobs(${params.join(", ")})`;
}
