import { counting } from "../counted.ts";

const counted = counting("en");

/** The page Workers. */
export const workers = {
  title: "Workers",
  empty: "No workers are registered",
  emptyText: "Jobs wait until a worker that serves their queue is started.",
  summary: (count: number, busy: string, places: string) =>
    `${counted(count, "worker", "workers")}, ${busy} of ${places} places busy`,
  id: (id: string) => `Worker ${id}`,
  alive: "Alive",
  silent: "Silent",
  beat: (ago: string) => `heartbeat ${ago}`,
  draining: "Draining",
  drainingBy: (by: string) => `Draining, asked by ${by}`,
  unknown: "unknown",
  versionDiffers: (version: string) => `Other version: ${version}`,
  versionDiffersTitle: "It runs another version of Holdfast than most workers do",
  noReport: "It has not told how it is: it has just started, or it is too old to say.",
  places: "Places busy",
  placesWord: "places",
  pid: "Process",
  version: "Version",
  uptime: "Up for",
  lag: "Main loop late by",
  memory: "Memory",
  heap: "Heap",
  queues: "Queues",
  runs: "Runs now",
  runsNothing: "nothing",
  andMore: (count: string) => `and ${count} more`,
  drain: "Drain",
  drainOne: (host: string) => `Drain ${host}`,
  drainsAlready: "It drains already",
  drainTitle: (host: string) => `Drain ${host}?`,
  drainEffect: (running: number) =>
    running === 0
      ? "It claims nothing more and stops. This cannot be taken back; whoever started it can start it again."
      : `It claims nothing more, lets ${counted(running, "running job", "running jobs")} end, and stops. Jobs that take too long are asked to stop and run again elsewhere. This cannot be taken back; whoever started it can start it again.`,
  drained: (host: string) => `${host} drains`,
};
