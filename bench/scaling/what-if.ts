import type { Costs, EngineLimits } from "./costs.ts";
import { type Prediction, predict } from "./predict.ts";
import type { Setup } from "./setup.ts";

/** A disk under the write-ahead log. */
export interface Disk {
  readonly title: string;
  readonly flushMs: number;
  readonly logMegabytesPerSecond: number;
}

export const disks: readonly Disk[] = [
  { title: "local NVMe: 0.1 ms, 1,000 MB/s", flushMs: 0.1, logMegabytesPerSecond: 1_000 },
  { title: "fast network disk: 0.5 ms, 500 MB/s", flushMs: 0.5, logMegabytesPerSecond: 500 },
  { title: "usual network disk: 1 ms, 250 MB/s", flushMs: 1, logMegabytesPerSecond: 250 },
  { title: "slow network disk: 3 ms, 125 MB/s", flushMs: 3, logMegabytesPerSecond: 125 },
  { title: "spinning disk: 10 ms, 100 MB/s", flushMs: 10, logMegabytesPerSecond: 100 },
];

/** Round trips from a worker to the server, in milliseconds. */
export const roundTrips = [0.1, 0.5, 2, 10, 50] as const;
export const workerCounts = [1, 2, 4, 8, 16, 32, 64] as const;
export const coreCounts = [4, 8, 16, 32, 64] as const;
export const insertSizes = [1, 10, 100, 1_000] as const;

/** The server other setups differ from in one point: workers on machines of their own, in the same zone. */
export const usualSetup: Omit<Setup, "clientCores"> = {
  workers: 16,
  serverCores: 16,
  roundTripMs: 0.5,
  flushMs: 1,
  logMegabytesPerSecond: 250,
  perInsert: 100,
};

/** What the setup carries, every worker having a core of its own. */
export type WhatIf = (change: Partial<typeof usualSetup>) => Prediction;

/** Predictions for the usual setup with changes, from measured costs. */
export function createWhatIf(costs: Costs, limits: EngineLimits): WhatIf {
  return (change) => {
    const setup = { ...usualSetup, ...change };
    return predict(costs, limits, { ...setup, clientCores: setup.workers });
  };
}
