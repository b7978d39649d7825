import { expect, test } from "vitest";
import { maintenancePasses } from "./maintenance-passes.ts";
import type { PassReport, WorkerReport } from "./worker-record.ts";

const run: PassReport = { ranAt: 0, tookMs: 1, rows: 0, runs: 1, total: 0, error: null };

function worker(id: string, passes: WorkerReport["passes"]) {
  const report = { lagMs: 0, rssBytes: 0, heapBytes: 0, running: 0, places: 1, jobs: [], passes };
  return { id, report };
}

test("the passes of all workers come by name, the one that ran last first", () => {
  const workers = [
    worker("1", { promote: { ...run, ranAt: 5 }, admit: run }),
    { id: "2", report: null },
    worker("3", { promote: { ...run, ranAt: 9, rows: 4 } }),
  ];
  expect(maintenancePasses(workers)).toEqual([
    { name: "admit", worker: "1", ...run },
    { name: "promote", worker: "3", ...run, ranAt: 9, rows: 4 },
    { name: "promote", worker: "1", ...run, ranAt: 5 },
  ]);
});
