import type { PageRequest } from "./page-request.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** As the pages' charts have them, and all that is kept. */
const ranges = {
  "1h": [hourMs, "1m"],
  "6h": [6 * hourMs, "5m"],
  "24h": [24 * hourMs, "15m"],
  "7d": [168 * hourMs, "2h"],
  "30d": [720 * hourMs, "1h"],
} as const;

/** What was counted: what charts ask for, and what programs may. */
export function statRequests(now: number): readonly PageRequest[] {
  const to = now - (now % minuteMs);
  const whole = Object.entries(ranges).flatMap(([range, [ms, step]]) => [
    statRequest("series", range, { from: to - ms, to }, `&step=${step}`),
    statRequest("summary", range, { from: to - ms, to }),
    statRequest("list", range, { from: to - ms, to }),
  ]);
  const [week, day] = [ranges["7d"][0], ranges["24h"][0]];
  return [
    ...whole,
    statRequest("series", "7d", { from: to - week, to }, "&step=2h&queue=queue-3"),
    statRequest("series", "24h", { from: to - day, to }, "&queue=queue-3&name=name-8"),
    // Dragged out of a chart, as far back as there are minutes.
    statRequest("series", "40h", { from: to - 47 * hourMs, to: to - 7 * hourMs }),
  ];
}

function statRequest(
  kind: "series" | "summary" | "list",
  range: string,
  { from, to }: { readonly from: number; readonly to: number },
  rest = "",
): PageRequest {
  return {
    page: "Charts",
    request: `api/stats/${kind}?from=:now-${range}${rest}`,
    path: `api/stats/${kind}?from=${from}&to=${to}${rest}`,
  };
}
