import type { Costs } from "./costs.ts";
import { benchLimits } from "./engine-limits.ts";
import { type Prediction, predict } from "./predict.ts";

/** A drain that is both measured and predicted. */
export interface DrainPrediction {
  readonly workers: number;
  /** The scenario under which the measured figure stands. */
  readonly scenario: string;
  readonly prediction: Prediction;
}

/** The most a prediction may be off, as a share of what was measured. */
export const mostOff = 0.25;

/** The drains the scenario measures, as the simulation sees them: workers and server share all cores and a local socket. */
export function drainPredictions(costs: Costs, cores: number): readonly DrainPrediction[] {
  return [1, 3].map((workers) => {
    const setup = {
      workers,
      serverCores: cores,
      clientCores: null,
      roundTripMs: costs.roundTripMs,
      flushMs: costs.flushMs,
      logMegabytesPerSecond: 1_000,
      perInsert: null,
    };
    const prediction = predict(costs, benchLimits, setup);
    return { workers, scenario: `scaling-drain-${workers}`, prediction };
  });
}
