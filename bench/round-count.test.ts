import { expect, test } from "vitest";
import { roundCount } from "./round-count.ts";
import { scenarios } from "./scenarios/catalogue.ts";
import { findSystem } from "./systems/catalogue.ts";

function rounds(scenarioId: string, system: string): number {
  const scenario = scenarios.find(({ id }) => id === scenarioId);
  if (scenario === undefined) throw new Error(`there is no scenario ${scenarioId}`);
  return roundCount(3, scenario, findSystem(system));
}

test.for([
  ["drain-1", "holdfast@postgres", 3],
  ["drain-1", "graphile-worker:big@postgres", 3],
  ["drain-1", "bullmq-redis@redis", 3],
  ["drain-1", "plainjob@sqlite", 3],
  ["drain-in-flight", "holdfast@postgres", 3],
  ["latency-idle", "plainjob@sqlite", 3],
] as const)("%s runs every round of %s: a target hangs on it", ([scenario, system, count]) => {
  expect(rounds(scenario, system)).toBe(count);
});

test.for([
  ["drain-3", "holdfast@sqlite"],
  ["drain-in-flight", "holdfast@sqlite"],
  ["cpu-per-100k", "plainjob@sqlite"],
  ["cpu-per-100k", "bullmq-redis@redis"],
  ["drain-1", "bullmq-postgres@postgres"],
  ["scaling", "holdfast@postgres"],
] as const)("%s runs one round of %s: no target hangs on it", ([scenario, system]) => {
  expect(rounds(scenario, system)).toBe(1);
});

test("builds that are compared run every round", () => {
  const [scenario] = scenarios.filter(({ id }) => id === "drain-3");
  if (scenario === undefined) throw new Error("there is no scenario drain-3");
  const system = { ...findSystem("holdfast@sqlite"), everyRound: true };
  expect(roundCount(3, scenario, system)).toBe(3);
});

test("a system cut to one round, and a scenario of one round, run one whatever the targets", () => {
  expect(rounds("drain-1", "sidequest@sqlite")).toBe(1);
  expect(rounds("pinned", "holdfast@postgres")).toBe(1);
});
