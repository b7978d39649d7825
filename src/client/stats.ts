import { checkOptions, rule } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import { parseDuration } from "../core/duration.ts";
import { entriesOf, pointsOf, type Range, readRange, readSteps, sumOf } from "../core/stats.ts";
import type { StatsClient, StatsRange } from "../core/stats-client.ts";
import type { StatSums, StatsStore } from "../storage/contract/stats.ts";
import type { Gate } from "./gate.ts";

/** What stats work with. */
export interface StatsParts {
  readonly storage: Pick<StatsStore, "sumStats">;
  readonly clock: Clock;
  readonly gate: Gate;
}

const rangeRules = { from: rule.any, to: rule.any, queue: rule.text, name: rule.text };

/** `client.stats`. */
export function createStats({ storage, clock, gate }: StatsParts): StatsClient {
  function rowsOf(
    { from, to }: Range,
    { queue, name }: StatsRange,
    how: Pick<StatSums, "step" | "apart">,
  ) {
    return storage.sumStats({
      from,
      to,
      ...how,
      ...(queue === undefined ? {} : { queue }),
      ...(name === undefined ? {} : { name }),
    });
  }

  function rangeOf(call: string, range: StatsRange): Range {
    checkOptions(call, range, rangeRules);
    return readRange(call, range, clock.now());
  }

  return {
    summary: (asked = {}) =>
      gate.pass("client.stats.summary", async () => {
        const range = rangeOf("client.stats.summary", asked);
        return { ...range, ...sumOf(await rowsOf(range, asked, {})) };
      }),
    list: (asked = {}) =>
      gate.pass("client.stats.list", async () => {
        const range = rangeOf("client.stats.list", asked);
        return entriesOf(await rowsOf(range, asked, { apart: true }));
      }),
    series: (asked = {}) =>
      gate.pass("client.stats.series", async () => {
        const call = "client.stats.series";
        checkOptions(call, asked, { ...rangeRules, step: rule.any });
        const { step: stepAsked } = asked;
        const stepMs =
          stepAsked === undefined ? undefined : parseDuration(stepAsked, `${call}: step`);
        const { step, ...range } = readSteps(call, readRange(call, asked, clock.now()), stepMs);
        const rows = await rowsOf(range, asked, { step });
        return { ...range, step, points: pointsOf(rows, range, step) };
      }),
  };
}
