import type { BenchRun, Sample } from "../samples.ts";
import { ratioByRound, roundsOf } from "./ratio.ts";
import { comparedBackends, familyOf, holdfast, type Result, type SavedRun } from "./result.ts";
import { type Spread, spreadOf } from "./spread.ts";

/** A run as it is saved and read: each system's figures put together, and Holdfast's ratios to every peer. */
export function summarise({ machine, samples, notRun, remarks }: BenchRun): SavedRun {
  const alone = groupBySystem(samples).map(resultOf);
  const results = alone.map((result) =>
    result.system === holdfast ? { ...result, ratios: ratiosOf(result, alone) } : result,
  );
  return { machine, notRun, remarks, results };
}

function groupBySystem(samples: readonly Sample[]): readonly (readonly Sample[])[] {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = JSON.stringify([sample.scenario, sample.backend, sample.system]);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return [...groups.values()];
}

function resultOf(samples: readonly Sample[]): Result {
  const [first] = samples;
  const rounds = Object.fromEntries(samples.map(({ round, value }) => [String(round), value]));
  const spread = spreadOf(Object.values(rounds));
  if (first === undefined || spread === undefined) throw new Error("a group has a sample");
  const { scenario, backend, system, unit, better } = first;
  return { scenario, backend, system, unit, better, ...spread, rounds, ratios: {} };
}

/** By peer, and where a peer ran in several presets also by its family: the better preset of each round. */
function ratiosOf(ours: Result, all: readonly Result[]): Record<string, Spread> {
  const peers = all.filter(
    ({ scenario, backend, system }) =>
      scenario === ours.scenario &&
      system !== holdfast &&
      comparedBackends(ours.backend).includes(backend),
  );
  const names = new Set(peers.flatMap(({ system }) => [system, familyOf(system)]));
  const ratios = [...names].sort().map((name) => {
    const ratio = ratioByRound(ours.rounds, roundsOf(peers, name) ?? {});
    return [name, ratio] as const;
  });
  return Object.fromEntries(
    ratios.flatMap(([name, ratio]) =>
      ratio === undefined
        ? []
        : [[name, { median: ratio.median, min: ratio.min, max: ratio.max }] as const],
    ),
  );
}
