import { familyOf, type Result, type Rounds } from "./result.ts";
import { medianOf, type Spread, spreadOf } from "./spread.ts";

/** Two systems, or one with itself, compared. */
export interface Ratio extends Spread {
  /** The ratio of the two medians, which differs a little from the median of the ratios. */
  readonly ofMedians: number;
}

/** `ours / theirs`, round by round; only rounds both have count. `undefined` when there is none. */
export function ratioByRound(ours: Rounds, theirs: Rounds): Ratio | undefined {
  const shared = Object.keys(ours).filter((round) => round in theirs);
  const pairs = shared.map((round) => [ours[round] ?? 0, theirs[round] ?? 0] as const);
  const spread = spreadOf(pairs.map(([a, b]) => divide(a, b)).filter(Number.isFinite));
  if (spread === undefined) return undefined;
  const ofMedians = divide(medianOf(pairs.map(([a]) => a)), medianOf(pairs.map(([, b]) => b)));
  return { ...spread, ofMedians };
}

/** The better preset of each round, as if it were one system. */
export function bestOfRounds(presets: readonly Result[]): Rounds {
  const best: Record<string, number> = {};
  for (const { better, rounds } of presets) {
    const pick = better === "higher" ? Math.max : Math.min;
    for (const [round, value] of Object.entries(rounds)) {
      best[round] = pick(best[round] ?? value, value);
    }
  }
  return best;
}

/** The figures of a system's name among `results`: its own, or those of the better of its presets. */
export function roundsOf(results: readonly Result[], system: string): Rounds | undefined {
  const own = results.filter((result) => result.system === system);
  const presets = results.filter((result) => familyOf(result.system) === system);
  const chosen = own.length > 0 ? own : presets;
  return chosen.length > 0 ? bestOfRounds(chosen) : undefined;
}

/** Nothing against nothing is a draw. */
function divide(a: number, b: number): number {
  return a === 0 && b === 0 ? 1 : a / b;
}
