import { dashboardTarget, type MeasuredDatabase } from "../report/dashboard-run.ts";

/** Prints what was measured on a database, a line for each question. */
export function printDatabase({ requests, verdict }: MeasuredDatabase): void {
  console.log("    p50     p95     max   kB  page");
  for (const { page, request, p50, p95, max, kilobytes, walks, failure } of requests) {
    const notes = [
      ...(p95 > dashboardTarget.p95Ms ? ["SLOW"] : []),
      ...(failure === null ? [] : [`FAILED ${failure}`]),
      ...walks.map((table) => `WALKS ${table}`),
    ].join(" ");
    const numbers = [p50, p95, max].map((ms) => ms.toFixed(1).padStart(7)).join(" ");
    console.log(`${numbers} ${String(kilobytes).padStart(4)}  ${page}: ${request} ${notes}`);
  }
  const slowest = Math.max(...requests.map(({ p95 }) => p95));
  console.log(
    `the slowest 95th percentile is ${slowest.toFixed(0)} ms of ${dashboardTarget.p95Ms} ms: ${verdict}`,
  );
}
