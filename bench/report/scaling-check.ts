import { type DrainPrediction, drainPredictions, mostOff } from "../scaling/drain-check.ts";
import { costsOf } from "../scaling/measured-costs.ts";
import { figure } from "./figures.ts";
import type { SavedRun } from "./result.ts";

/** A drain as it was measured and as the simulation has it. */
export interface CheckedDrain {
  readonly workers: number;
  readonly measured: number;
  readonly predicted: number;
  /** The prediction / what was measured - 1. */
  readonly off: number;
}

type Measured = Pick<SavedRun, "machine" | "results">;

/** The drains of a run that measured the simulation's costs; none of any other. */
export function checkedDrains({ machine, results }: Measured): readonly CheckedDrain[] {
  const costs = costsOf(results);
  if (costs === undefined) return [];
  return drainPredictions(costs, machine.cores).flatMap(
    ({ workers, scenario, prediction }: DrainPrediction) => {
      const measured = results.find((one) => one.scenario === scenario)?.median;
      if (measured === undefined) return [];
      const predicted = prediction.jobsPerSecond;
      return [{ workers, measured, predicted, off: predicted / measured - 1 }];
    },
  );
}

/** True when every drain was predicted well enough. */
export function isPredicted(run: Measured): boolean {
  return checkedDrains(run).every(({ off }) => Math.abs(off) <= mostOff);
}

/** What was predicted beside what was measured; `undefined` when a run has nothing of it. */
export function drainCheckText(run: Measured): string | undefined {
  const drains = checkedDrains(run);
  if (drains.length === 0) return undefined;
  const lines = drains.map(({ workers, measured, predicted, off }) => {
    const crew = workers === 1 ? "1 process" : `${workers} processes`;
    const word = Math.abs(off) <= mostOff ? "PASS" : "MISS";
    return `${word}  drain with ${crew}: measured ${figure(measured)}/s, predicted ${figure(predicted)}/s, off by ${percent(off)}`;
  });
  return ["Simulation", "", ...lines, ""].join("\n");
}

/** "+12 %" */
export function percent(share: number): string {
  return `${share > 0 ? "+" : ""}${(share * 100).toFixed(0)} %`;
}
