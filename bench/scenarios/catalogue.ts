import type { Scenario } from "../scenario.ts";
import { claimCost } from "./claim-cost.ts";
import { cpuPer100k, walPerJob, workerMemory } from "./cost.ts";
import { drainWithOneProcess, drainWithThreeProcesses } from "./drain.ts";
import { drainBesideBacklog } from "./drain-backlog.ts";
import { drainWithJobsInFlight } from "./drain-in-flight.ts";
import { bulkEnqueue, enqueueBy32, enqueueBy8Processes, enqueueByOne } from "./enqueue.ts";
import { idleStatements } from "./idle.ts";
import { latencyAtHalfPeak, latencyIdle } from "./latency.ts";
import { operator } from "./operator.ts";
import { retention } from "./retention.ts";
import { scaling } from "./scaling.ts";
import { pinned, steady } from "./steady.ts";

/** Every scenario, in the order they run: the peaks come before the load that is half of them. */
export const scenarios: readonly Scenario[] = [
  enqueueByOne,
  enqueueBy32,
  enqueueBy8Processes,
  bulkEnqueue,
  drainWithOneProcess,
  drainWithThreeProcesses,
  drainBesideBacklog,
  drainWithJobsInFlight,
  claimCost,
  operator,
  retention,
  latencyIdle,
  latencyAtHalfPeak,
  steady,
  pinned,
  idleStatements,
  cpuPer100k,
  walPerJob,
  workerMemory,
  scaling,
];
