import type { PassReport, WorkerReport } from "../core/worker-record.ts";
import type { VitalSignsReader } from "./vital-signs.ts";

/** Enough to see what a worker is at; it may run thousands. */
const mostJobs = 20;

/** What a worker says of itself: its vital signs, its process's memory and the passes the main thread told of. */
export function selfReport(
  signs: VitalSignsReader,
  passes: Readonly<Record<string, PassReport>>,
): WorkerReport {
  const jobs = signs.newestJobs();
  return {
    lagMs: signs.takeLag(),
    rssBytes: process.memoryUsage.rss(),
    heapBytes: signs.heapBytes(),
    running: jobs.length,
    places: signs.places,
    jobs: jobs.slice(0, mostJobs),
    passes,
  };
}
