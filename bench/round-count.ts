import { comparedBackends, familyOf, holdfast } from "./report/result.ts";
import { type Target, targets } from "./report/targets.ts";
import type { Scenario } from "./scenario.ts";
import type { System } from "./system.ts";

/** How many of `rounds` a system runs in a scenario: all where a target hangs on its figures or builds are compared, else one. */
export function roundCount(rounds: number, scenario: Scenario, system: System): number {
  if (scenario.once === true) return 1;
  if (system.everyRound === true) return rounds;
  const isJudged = targets.some((target) => judges(target, scenario, system));
  return Math.min(rounds, isJudged ? (system.rounds ?? rounds) : 1);
}

function judges(target: Target, { measures }: Scenario, { name, backend }: System): boolean {
  if (target.goal === "report" || target.goal === "n/a") return false;
  const ids = target.kind === "flatness" ? [target.scenario, target.baseline] : [target.scenario];
  if (!measures.some(({ id }) => ids.includes(id))) return false;
  if (name === holdfast) return backend === target.backend;
  return (
    target.kind === "peer" &&
    target.peer === familyOf(name) &&
    comparedBackends(target.backend).includes(backend)
  );
}
