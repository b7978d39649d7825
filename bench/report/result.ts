import type { Machine, NotRun, Remark } from "../samples.ts";
import type { Spread } from "./spread.ts";

/** A figure by the number of the round it was measured in. */
export type Rounds = Readonly<Record<string, number>>;

/** What one system did in one scenario over all rounds: one element of the array that `--json` writes. */
export interface Result extends Spread {
  readonly scenario: string;
  readonly backend: string;
  readonly system: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  readonly rounds: Rounds;
  /** On Holdfast's elements: Holdfast / that peer, matched by round. Empty on all others. */
  readonly ratios: Readonly<Record<string, Spread>>;
}

/** A saved run: what `bench/results` holds. */
export interface SavedRun {
  readonly machine: Machine;
  readonly notRun: readonly NotRun[];
  readonly remarks: readonly Remark[];
  readonly results: readonly Result[];
}

/** Our own name among the systems. */
export const holdfast = "holdfast";

/** What a system is called without its preset: "graphile-worker:big" is a "graphile-worker". */
export function familyOf(system: string): string {
  return system.split(":")[0] ?? system;
}

/** The backends whose systems are compared with Holdfast on `backend`: Redis stands beside PostgreSQL. */
export function comparedBackends(backend: string): readonly string[] {
  return backend === "postgres" ? ["postgres", "redis"] : [backend];
}
