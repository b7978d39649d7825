import { ratioByRound, roundsOf } from "./ratio.ts";
import { comparedBackends, holdfast, type Result, type Rounds, type SavedRun } from "./result.ts";
import { medianOf, type Spread, spreadOf } from "./spread.ts";
import { concerns } from "./table.ts";
import { type Bound, type Target, targets } from "./targets.ts";

type Measured = Pick<SavedRun, "results" | "notRun">;

/** What became of one target in one run. */
export interface Judgement {
  readonly target: Target;
  readonly word: "PASS" | "MISS" | "NOT MEASURED" | "REPORTED" | "N/A";
  /** The figure that was judged, with its spread over the rounds. */
  readonly measured?: Spread;
  /** The ratio of the two medians, where it is judged beside the median of the ratios. */
  readonly ofMedians?: number;
  /** Why there is no figure. */
  readonly reason?: string;
}

/** Judges every target by a run's results. */
export function judge(run: Measured): readonly Judgement[] {
  return targets.map((target) => judgeTarget(target, run));
}

/** True when nothing was missed and nothing that has to be measured was not. */
export function isGood(judgements: readonly Judgement[]): boolean {
  return judgements.every(({ word }) => word !== "MISS" && word !== "NOT MEASURED");
}

function judgeTarget(target: Target, run: Measured): Judgement {
  if (target.goal === "n/a") return { target, word: "N/A" };
  const figures = figuresOf(target, run);
  if (figures === undefined) {
    return { target, word: "NOT MEASURED", reason: reasonOf(target, run) };
  }
  if (target.goal === "report") return { target, word: "REPORTED", ...figures };
  const { measured, ofMedians } = figures;
  const judged = [measured.median, ...(ofMedians === undefined ? [] : [ofMedians])];
  const holds = judged.every((value) => isWithin(value, target.goal as Bound));
  return { target, word: holds ? "PASS" : "MISS", ...figures };
}

/** Both the median of the per-round ratios and the ratio of the medians have to be within the bound. */
function isWithin(value: number, { direction, value: bound }: Bound): boolean {
  return direction === "at least" ? value >= bound : value <= bound;
}

function figuresOf(
  target: Target,
  { results }: Measured,
): (Pick<Judgement, "measured" | "ofMedians"> & { readonly measured: Spread }) | undefined {
  const ours = oursIn(results, target.scenario, target.backend);
  if (ours === undefined) return undefined;
  if (target.kind === "absolute") {
    const measured = spreadOf(Object.values(ours));
    return measured && { measured };
  }
  if (target.kind === "peer") {
    const peers = results.filter(
      ({ scenario, backend }) =>
        scenario === target.scenario && comparedBackends(target.backend).includes(backend),
    );
    const ratio = ratioByRound(ours, roundsOf(peers, target.peer) ?? {});
    return ratio && { measured: ratio, ofMedians: ratio.ofMedians };
  }
  const baseline = oursIn(results, target.baseline, target.backend);
  return baseline && { measured: overMedian(ours, baseline) };
}

/** Rounds of different scenarios do not belong together, so all are held against the baseline's median. */
function overMedian(ours: Rounds, baseline: Rounds): Spread {
  const under = medianOf(Object.values(baseline));
  const over = Object.values(ours).map((value) => (value === under ? 1 : value / under));
  return spreadOf(over) ?? { median: Number.NaN, min: Number.NaN, max: Number.NaN };
}

function oursIn(results: readonly Result[], scenario: string, backend: string): Rounds | undefined {
  const here = results.filter((one) => one.scenario === scenario && one.backend === backend);
  return roundsOf(here, holdfast);
}

function reasonOf(target: Target, { results, notRun }: Measured): string {
  const { scenario, backend } = target;
  const systems = target.kind === "peer" ? [holdfast, target.peer] : [holdfast];
  const scenarios = target.kind === "flatness" ? [scenario, target.baseline] : [scenario];
  const missing = scenarios.flatMap((id) =>
    systems.flatMap((system) => {
      const here = results.filter(
        (one) => one.scenario === id && comparedBackends(backend).includes(one.backend),
      );
      if (roundsOf(here, system) !== undefined) return [];
      const refusal = notRun.find(
        (one) => comparedBackends(backend).includes(one.backend) && concerns(one, id, system),
      );
      return [`${system} in ${id}: ${refusal?.reason ?? "not in this file"}`];
    }),
  );
  return missing.join("; ") || "no round has figures of both";
}
