import { overviewOf } from "../overview/overview-answer.ts";
import { soonOf } from "../readings.ts";
import type { Route } from "../route.ts";
import type { OverviewAnswer } from "../wire/overview.ts";

/** Everything at a glance. */
export const overviewRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/overview",
    permission: "read",
    summary: "What to look at, the numbers of the last minute, and every queue.",
    answer: "Overview",
    async handle({ site }): Promise<OverviewAnswer> {
      return overviewOf(await soonOf(site.readings.overview));
    },
  },
];
