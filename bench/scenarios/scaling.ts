import type { Scenario } from "../scenario.ts";
import { measureCosts } from "../costs/measure-costs.ts";
import { costSamples } from "../scaling/measured-costs.ts";

const drains = [1, 3];

/** The costs that the simulation of docs/scaling.md is fed with, and the drains it has to predict from them. */
export const scaling: Scenario = {
  id: "scaling",
  measures: [
    ...drains.map((workers) => {
      return { id: `scaling-drain-${workers}`, unit: "jobs/s", better: "higher" } as const;
    }),
    ...costSamples.map(({ scenario, unit }) => ({ id: scenario, unit, better: "lower" }) as const),
  ],
  backends: ["postgres"],
  of: "holdfast",
  otherwise: "the simulation is of Holdfast on PostgreSQL",
  measure: measureCosts,
};
