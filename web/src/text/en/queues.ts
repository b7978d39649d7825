import { counting } from "../counted.ts";

const counted = counting("en");

/** The pages Queues and Queue. */
export const queues = {
  title: "Queues",
  empty: "No queues yet",
  emptyText: "A queue appears here with its first job, worker or setting.",
  name: "Queue",
  use: "Running",
  history: "Last hour",
  historyLabel: "Completed jobs, minute by minute",
  available: "Available",
  blocked: "Blocked",
  scheduled: "Due later",
  actions: "Actions",
  paused: "Paused",
  unserved: "No workers",
  cooling: (left: string) => `Cooling down, ${left}`,
  pause: "Pause",
  resume: "Resume",
  of: (word: string, queue: string) => `${word} ${queue}`,
  pausedDone: (queue: string) => `Queue ${queue} is paused`,
  resumedDone: (queue: string) => `Queue ${queue} goes on`,
  jobs: "Its jobs",
  changed: (by: string) => `changed by ${by}`,
  changedBySomebody: "changed",
  limit: {
    title: "How many run at once",
    running: "Running now",
    none: "No worker takes its jobs, so none run.",
    equal: (effective: string, workers: string) => `effective limit ${effective} = ${workers}`,
    least: (effective: string, workers: string, most: string) =>
      `effective limit ${effective} = min(${workers}, ${most})`,
    times: (workers: number, places: string) =>
      `${counted(workers, "worker", "workers")} × ${places}`,
    sum: (workers: number, places: string) =>
      `${places} ${places === "1" ? "place" : "places"} of ${counted(workers, "worker", "workers")}`,
    byWorkers:
      "The workers have no more places for it. Raise its concurrency, or start more workers.",
    byMaxRunning: "Its own limit, max running, is below what the workers could run.",
    full: "All of it is in use: more jobs have to wait.",
  },
};
