import { createBacklog } from "./backlog.ts";
import type { Costs, EngineLimits } from "./costs.ts";
import { createDatabase } from "./database.ts";
import { createProducers } from "./producers.ts";
import { createRandom } from "./random.ts";
import type { Setup } from "./setup.ts";
import { createSimulation } from "./simulation.ts";
import { createStation } from "./station.ts";
import { startWorkerProcess } from "./worker-process.ts";

/** What a setup gives, and how busy its parts are, from 0 to 1. */
export interface Prediction {
  readonly jobsPerSecond: number;
  readonly workerThreads: number;
  readonly serverCores: number;
  /** Of the bytes per second its disk can write; that flushes take time shows as waiting. */
  readonly log: number;
  /** What to have more of next. */
  readonly bottleneck: Bottleneck;
}

export type Bottleneck = "worker threads" | "server cores" | "log device" | "waiting";

/** Above this share of its time a part is what the others wait for. */
const busyFrom = 0.75;
/** The slices in which an operating system gives out cores. */
const sliceMs = 1;
const warmUpMs = 750;
const measuredMs = 1_500;
/** Where many workers share few cores a turn takes seconds: each is waited for, up to so many minutes of simulated time. */
const mostMs = 120_000;
const seed = 20_260_101;
/** Enough jobs in the system that no worker runs dry, and callers that do not limit. */
const jobsPerWorker = 4_000;
const producerConnections = 200;

/** Simulates a setup for some seconds and says what it carries. The same input gives the same answer. */
export function predict(costs: Costs, limits: EngineLimits, setup: Setup): Prediction {
  const simulation = createSimulation();
  const random = createRandom(seed);
  const sharing = { sliceMs, crowding: costs.crowding };
  const serverCores = createStation(simulation, setup.serverCores, sharing);
  const clientCores =
    setup.clientCores === null
      ? serverCores
      : createStation(simulation, setup.clientCores, sharing);
  const database = createDatabase({ simulation, cores: serverCores, random, costs, setup });
  const threads = Array.from({ length: setup.workers }, () => createStation(simulation, 1));
  const backlog = createBacklog(
    setup.perInsert === null ? Infinity : setup.workers * jobsPerWorker,
  );
  const connections = createStation(simulation, producerConnections);
  const producers = createProducers(database, backlog, connections, setup.perInsert ?? Infinity);
  const settled = threads.map(() => 0);
  threads.forEach((thread, worker) => {
    const onSettled = (jobs: number) => {
      settled[worker] = (settled[worker] ?? 0) + jobs;
      producers.replace(jobs);
    };
    const cores = clientCores;
    startWorkerProcess({ database, backlog, thread, cores, random, costs, limits, onSettled });
  });

  /** Runs on for a while, and then until every worker has settled a batch of its own. */
  const runOn = (ms: number) => {
    const before = [...settled];
    const latest = simulation.now() + mostMs;
    do simulation.runUntil(simulation.now() + ms);
    while (simulation.now() < latest && settled.some((jobs, worker) => jobs === before[worker]));
  };
  const read = () => ({
    at: simulation.now(),
    settled: sum(settled),
    threads: sum(threads.map((thread) => thread.busyTime())),
    cores: serverCores.busyTime(),
    log: database.logBytes(),
  });
  runOn(warmUpMs);
  const before = read();
  runOn(measuredMs);
  const after = read();
  const ms = after.at - before.at;
  return judge({
    jobsPerSecond: ((after.settled - before.settled) / ms) * 1000,
    workerThreads: (after.threads - before.threads) / ms / setup.workers,
    serverCores: (after.cores - before.cores) / ms / setup.serverCores,
    log: (after.log - before.log) / ms / (setup.logMegabytesPerSecond * 1000),
  });
}

function judge(shares: Omit<Prediction, "bottleneck">): Prediction {
  const { serverCores, workerThreads, log } = shares;
  const parts = [
    ["server cores", serverCores],
    ["log device", log],
    ["worker threads", workerThreads],
  ] as const;
  const [name, share] = parts.reduce((most, part) => (part[1] > most[1] ? part : most));
  return { ...shares, bottleneck: share >= busyFrom ? name : "waiting" };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
