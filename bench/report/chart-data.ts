import { ratioByRound, roundsOf } from "./ratio.ts";
import { comparedBackends, familyOf, holdfast, type Result } from "./result.ts";
import { titleOf } from "./scenario-titles.ts";
import type { Spread } from "./spread.ts";
import { targets } from "./targets.ts";

/** How many times better than one peer Holdfast is, whichever direction is better. */
export interface Bar {
  readonly peer: string;
  readonly advantage: Spread;
}

/** The bars of one scenario. */
export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** The groups of one backend. */
export interface Panel {
  readonly title: string;
  readonly groups: readonly BarGroup[];
}

/** What the chart shows: every scenario that has a target against a peer. */
export function panelsOf(results: readonly Result[]): readonly Panel[] {
  return [panelOf("PostgreSQL", "postgres", results), panelOf("SQLite", "sqlite", results)].filter(
    ({ groups }) => groups.length > 0,
  );
}

/** True when there is a peer to draw a bar for. */
export function hasBars(results: readonly Result[]): boolean {
  return panelsOf(results).length > 0;
}

function panelOf(title: string, backend: string, results: readonly Result[]): Panel {
  const compared = targets.filter((one) => one.kind === "peer" && one.backend === backend);
  const scenarios = [...new Set(compared.map(({ scenario }) => scenario))];
  const groups = scenarios.map((scenario) => {
    const here = results.filter(
      (one) => one.scenario === scenario && comparedBackends(backend).includes(one.backend),
    );
    return { title: titleOf(scenario), bars: barsOf(here) };
  });
  return { title, groups: groups.filter(({ bars }) => bars.length > 0) };
}

function barsOf(results: readonly Result[]): readonly Bar[] {
  const ours = roundsOf(results, holdfast) ?? {};
  const peers = new Set(results.map(({ system }) => familyOf(system)));
  peers.delete(holdfast);
  return [...peers].sort().flatMap((peer) => {
    const theirs = roundsOf(results, peer) ?? {};
    const higherIsBetter = results[0]?.better === "higher";
    const advantage = higherIsBetter ? ratioByRound(ours, theirs) : ratioByRound(theirs, ours);
    return advantage === undefined || advantage.min <= 0 ? [] : [{ peer, advantage }];
  });
}
