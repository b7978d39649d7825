import { roughDuration } from "./duration.ts";
import { type Check, factsOf } from "./examination.ts";
import { type Finding, finding } from "./finding.ts";
import type { FleetFacts } from "./health-facts.ts";
import { countedUpTo } from "./phrases.ts";
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
  return [
    finding(
      "worker-silent",
      `Worker ${id} (process ${pid} on ${host}) beat ${roughDuration(lastBeatMs)} ago; its lease is ${roughDuration(leaseMs)}.`,
      "See whether the process lives and reaches the database. Once its lease is over, any other worker declares it dead and rescues its jobs; with no other worker nobody does, so start one.",
    ),
  ];
}

/** A main loop this late keeps timers, signals and every other job of its process waiting. */
const lateMs = 1_000;

function lagging({ id, host, pid, report }: WorkerRecord): readonly Finding[] {
  if (report === null || report.lagMs < lateMs) return [];
  return [
    finding(
      "worker-lagging",
      `The main loop of worker ${id} (process ${pid} on ${host}) was late by ${roughDuration(report.lagMs)} between its last two heartbeats.`,
      "Find the handler that computes for so long without a pause, and let it run in a thread or child process (holdfast/process); or lower the concurrency.",
    ),
  ];
}

function failing({ id, report }: WorkerRecord): readonly Finding[] {
  return Object.entries(report?.passes ?? {})
    .filter(([, { error }]) => error !== null)
    .map(([name, { error }]) =>
      finding(
        "maintenance-failing",
        `The last run of ${JSON.stringify(name)} of worker ${id} failed: ${error}`,
        "It is tried again by itself, and by every other worker. If it goes on, do what the error says.",
      ),
    );
}

function isSilent({ lastBeatMs, leaseMs }: WorkerRecord): boolean {
  return lastBeatMs !== null && lastBeatMs > leaseMs * silentShare;
}

function abandoned({ abandoned: jobs, workers }: FleetFacts): readonly Finding[] {
  // A live worker takes care of them within seconds.
  if (jobs.jobs === 0 || workers.some((worker) => !isSilent(worker))) return [];
  return [
    finding(
      "jobs-abandoned",
      `${countedUpTo(jobs, "job was", "jobs were")} left running by workers that are gone, and no live worker is there to rescue them.`,
      "Start a worker, of any queue.",
    ),
  ];
}
