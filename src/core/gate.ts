import { isName, kindOf, rule } from "./check-options.ts";
import { HoldfastError } from "./errors.ts";
import { keyValue } from "./key-value.ts";
import { type LimitRule, limitGate } from "./limit-options.ts";

/** One thing a job must be let in through, `lane:<lane>` or `limit:<scope>[:<by>]`, and how much of it the job takes. */
export interface Gate {
  readonly gate: string;
  readonly weight: number;
}

/** What names the gates of a definition's jobs. */
export interface GatePlan {
  /** The lane, or a function of the stored payload that gives it. */
  readonly lane: string | ((payload: never) => unknown) | undefined;
  readonly limits: readonly LimitRule[];
}

/** The gate of a lane. */
export function laneGate(lane: string): string {
  return `lane:${lane}`;
}

/** The limit's scope a gate counts against; `undefined` for a lane. */
export function scopeOfGate(gate: string): string | undefined {
  return gate.startsWith("limit:") ? gate.split(":", 2)[1] : undefined;
}

/**
 * The gates of one job, sorted, each named once; `undefined` for a job without any. They are read from the input as it is
 * stored.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when a lane or a limit's `by` does not come to a name.
 */
export function gatesOf({ lane, limits }: GatePlan, input: unknown): readonly Gate[] | undefined {
  if (lane === undefined && limits.length === 0) return undefined;
  const weights = new Map<string, number>();
  const add = (gate: string, weight: number): void => {
    weights.set(gate, (weights.get(gate) ?? 0) + weight);
  };
  if (lane !== undefined) add(laneGate(keyOf("lane", lane, input)), 1);
  for (const { scope, by, weight } of limits) {
    add(by === undefined ? limitGate(scope) : limitGate(scope, keyOf("by", by, input)), weight);
  }
  return Array.from(weights, ([gate, weight]) => ({ gate, weight })).sort(byName);
}

function byName(a: Gate, b: Gate): number {
  return a.gate < b.gate ? -1 : 1;
}

function keyOf(
  called: string,
  key: string | ((payload: never) => unknown),
  input: unknown,
): string {
  const value = keyValue(called, key, input);
  if (isName(value)) return value;
  throw new HoldfastError(
    "INVALID_OPTION",
    `${called} must come to ${rule.text.is}; it came to ${kindOf(value)}. Hash longer keys yourself.`,
    { details: { option: called } },
  );
}
