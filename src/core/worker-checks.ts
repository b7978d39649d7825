import { type Check, factsOf } from "./examination.ts";
import { type Finding, finding } from "./finding.ts";
import type { FleetFacts } from "./health-facts.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** A worker beats several times a lease; after this share of one without a beat something is wrong. */
const silentShare = 0.5;

export const checkWorkers: Check = ({ fleet }) => {
  const facts = factsOf(fleet);
  if (facts === undefined) return undefined;
  return [
    ...facts.workers.flatMap(silent),
    ...facts.workers.flatMap(lagging),
    ...facts.workers.flatMap(failing),
    ...abandoned(facts),
  ];
};

function silent(worker: WorkerRecord): readonly Finding[] {
  const { id, host, pid, lastBeatMs, leaseMs } = worker;
  if (lastBeatMs === null || !isSilent(worker)) return [];
  return [finding("worker-silent", { worker: id, host, pid, lastBeatMs, leaseMs })];
}

/** A main loop this late keeps timers, signals and every other job of its process waiting. */
const lateMs = 1_000;

function lagging({ id, host, pid, report }: WorkerRecord): readonly Finding[] {
  if (report === null || report.lagMs < lateMs) return [];
  return [finding("worker-lagging", { worker: id, host, pid, lagMs: report.lagMs })];
}

function failing({ id, report }: WorkerRecord): readonly Finding[] {
  return Object.entries(report?.passes ?? {}).flatMap(([pass, { error }]) =>
    error === null ? [] : finding("maintenance-failing", { worker: id, pass, error }),
  );
}

function isSilent({ lastBeatMs, leaseMs }: WorkerRecord): boolean {
  return lastBeatMs !== null && lastBeatMs > leaseMs * silentShare;
}

function abandoned({ abandoned: jobs, workers }: FleetFacts): readonly Finding[] {
  // A live worker takes care of them within seconds.
  if (jobs.jobs === 0 || workers.some((worker) => !isSilent(worker))) return [];
  return [finding("jobs-abandoned", jobs)];
}
