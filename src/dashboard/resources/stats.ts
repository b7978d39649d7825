import type { Duration } from "../../core/duration.ts";
import type { StatsRange, StatsSummary } from "../../core/stats-client.ts";
import type { Route } from "../route.ts";
import type { SeriesAnswer, StatsListAnswer } from "../wire/queues.ts";
import { textsOf, wholeOf } from "./query-params.ts";

/** Rows of a list of stats. */
const mostEntries = 500;

const moment = { type: "integer", minimum: 0 } as const;

const rangeParams = {
  from: { ...moment, description: "Milliseconds since the epoch; an hour before `to` without it." },
  to: { ...moment, description: "Milliseconds since the epoch; now without it." },
  queue: { type: "string", maxLength: 255, description: "Of this queue only." },
  name: { type: "string", maxLength: 255, description: "Of jobs of this name only." },
} as const;

/** What was counted. */
export const statRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/stats/series",
    permission: "read",
    summary: "What was counted in each step of a range.",
    query: {
      ...rangeParams,
      step: { type: "string", maxLength: 20, description: "The length of a step, such as 5m." },
    },
    answer: "StatsSeries",
    handle({ client, query }): Promise<SeriesAnswer> {
      const { step } = textsOf(query, "step");
      const range = rangeOf(query);
      return client.stats.series(step === undefined ? range : { ...range, step: step as Duration });
    },
  },
  {
    method: "GET",
    path: "/api/stats/summary",
    permission: "read",
    summary: "What was counted in a range.",
    query: rangeParams,
    answer: "StatsSummary",
    handle: ({ client, query }): Promise<StatsSummary> => client.stats.summary(rangeOf(query)),
  },
  {
    method: "GET",
    path: "/api/stats/list",
    permission: "read",
    summary: `What was counted in a range for each queue and name: the ${mostEntries} that began most.`,
    query: rangeParams,
    answer: "StatsList",
    async handle({ client, query }): Promise<StatsListAnswer> {
      const entries = await client.stats.list(rangeOf(query));
      const most = entries.toSorted((a, b) => b.started - a.started).slice(0, mostEntries);
      return { entries: most, more: entries.length > most.length };
    },
  },
];

function rangeOf(query: URLSearchParams): StatsRange {
  const from = wholeOf(query, "from");
  const to = wholeOf(query, "to");
  return {
    ...textsOf(query, "queue", "name"),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
