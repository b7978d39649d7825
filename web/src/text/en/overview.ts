import { counting } from "../counted.ts";

const counted = counting("en");
const jobs = (count: number) => counted(count, "job", "jobs");

/** The page Overview. */
export const overview = {
  title: "Overview",
  tiles: {
    title: "How things stand",
    completed: "Completed",
    failed: "Failed",
    retried: "Retried",
    perMinute: "in the last full minute",
    waiting: "Waiting",
    waitingNote: "jobs due now",
    oldest: "Oldest waiting",
    oldestNote: "due for this long",
    busy: "Busy",
    used: (share: string) => `${share} of all places`,
    noPlaces: "no worker is there",
  },
  attention: {
    title: "Needs attention",
    nothing: "Nothing needs your attention.",
    all: (count: string) => `Show all ${count}`,
    less: "Show fewer",
    severities: { problem: "Problem", warning: "Warning", note: "Note" },
    kinds: {
      "queue-unserved": (queue: string, count: number) =>
        count > 0
          ? `No worker takes the jobs of queue ${queue}: ${counted(count, "job waits", "jobs wait")}`
          : `No worker takes the jobs of queue ${queue}`,
      "queue-paused": (queue: string, _count: number) => `Queue ${queue} is paused`,
      "queue-cooling": (queue: string, _count: number) =>
        `Queue ${queue} cools down: a handler asked for less`,
      "schedule-failing": (schedule: string, _count: number) =>
        `The ticks of schedule ${schedule} make no jobs`,
      "schedule-overdue": (schedule: string, _count: number) =>
        `Schedule ${schedule} is due and nobody fires it`,
      "jobs-rescued": (queue: string, count: number) =>
        `${jobs(count)} of queue ${queue} had to be rescued from dead workers in the last hour`,
      "jobs-discarded": (queue: string, count: number) =>
        `${jobs(count)} of queue ${queue} given up in the last hour`,
      "worker-silent": (worker: string, _count: number) =>
        `Worker ${worker} has sent no heartbeat for some time`,
      "worker-version": (versions: string, _count: number) =>
        `The workers run different versions of Holdfast: ${versions}`,
      "limit-undeclared": (limit: string, _count: number) =>
        `Jobs wait for the limit ${limit}, which nobody has declared`,
    },
  },
  queues: {
    title: "Queues",
    all: "All queues",
    idle: "idle",
    failed: (count: string) => `${count} failed in the last hour`,
    empty: "No queues yet",
    emptyText: "A queue appears here with its first job, worker or setting.",
  },
};
