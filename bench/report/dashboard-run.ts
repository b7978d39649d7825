import { readFileSync } from "node:fs";
import path from "node:path";
import type { Host } from "../samples.ts";
import { jsonFilesIn } from "./json-files.ts";

/** Where runs of `npm run bench:dashboard` are kept, from the root. */
export const dashboardResults = "bench/results/dashboard";

/** What every answer may take at the 95th percentile, and beside how many jobs. */
export const dashboardTarget = {
  p95Ms: 300,
  waiting: 100_000,
  finished: { postgres: 10_000_000, sqlite: 1_000_000 },
} as const;

/** A database the dashboard can be measured on. */
export type DashboardBackend = keyof typeof dashboardTarget.finished;

/** One run of `npm run bench:dashboard`. */
export interface DashboardRun {
  readonly host: Host;
  /** The version of Holdfast. */
  readonly version: string;
  readonly targetMs: number;
  /** How often each question was asked. */
  readonly rounds: number;
  readonly databases: readonly MeasuredDatabase[];
}

/** What was measured on one database. */
export interface MeasuredDatabase {
  readonly backend: DashboardBackend;
  readonly version: string;
  readonly finished: number;
  readonly waiting: number;
  readonly verdict: Verdict;
  readonly requests: readonly MeasuredRequest[];
}

/** What was measured of one question that a page asks. Times are milliseconds. */
export interface MeasuredRequest {
  readonly page: string;
  /** What is asked, with names in the place of ids and times. */
  readonly request: string;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly kilobytes: number;
  /** The large tables it read whole. */
  readonly walks: readonly string[];
  /** What it answered in place of what was asked; null when it did not fail. */
  readonly failure: string | null;
  readonly verdict: Verdict;
}

/** Whether a target is met. */
export type Verdict = "PASS" | "MISS";

/** A saved run with the name of its file. */
export type NamedDashboardRun = DashboardRun & { readonly name: string };

/** Slow, wrong and walking answers miss the target. */
export function verdictOf({
  p95,
  walks,
  failure,
}: Pick<MeasuredRequest, "p95" | "walks" | "failure">): Verdict {
  return p95 <= dashboardTarget.p95Ms && walks.length === 0 && failure === null ? "PASS" : "MISS";
}

/** A folder's saved runs, oldest first; a folder that does not exist has none. */
export function savedDashboardRuns(folder: string): readonly NamedDashboardRun[] {
  return jsonFilesIn(folder)
    .map((name) => ({ ...readRun(path.join(folder, name)), name }))
    .sort((a, b) => a.host.date.localeCompare(b.host.date));
}

function readRun(file: string): DashboardRun {
  const run = JSON.parse(readFileSync(file, "utf8")) as Partial<DashboardRun> | null;
  if (run?.host !== undefined && Array.isArray(run.databases)) return run as DashboardRun;
  throw new Error(`${file} is no run of npm run bench:dashboard -- --save`);
}
