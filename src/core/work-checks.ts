import { type Check, factsOf } from "./examination.ts";
import { type Finding, finding } from "./finding.ts";
import type { FleetFacts, WaitingJobs } from "./health-facts.ts";
import type { CappedCount } from "./job-search.ts";
import { canRun, serversOf } from "./serving.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** A job that is due is made available within a second or two. */
const overdueMs = 60_000;

export const checkQueues: Check = ({ fleet, now }) => {
  const facts = factsOf(fleet);
  if (facts === undefined) return undefined;
  const { workers, waiting } = facts;
  const unserved = new Map<string, CappedCount>();
  const unhandled: WaitingJobs[] = [];
  for (const jobs of waiting) {
    const serving = serversOf(jobs.queue, workers);
    if (serving.length === 0) {
      unserved.set(jobs.queue, together(jobs, unserved.get(jobs.queue)));
    } else if (!serving.some((worker) => canRun(worker, jobs))) unhandled.push(jobs);
  }
  return [
    ...Array.from(unserved, ([queue, jobs]) => finding("queue-unserved", { queue, ...jobs })),
    ...unhandled.map((jobs) => missingHandler(jobs, workers)),
    ...overdue(facts, now),
  ];
};

function together(some: CappedCount, others: CappedCount | undefined): CappedCount {
  if (others === undefined) return some;
  return { jobs: some.jobs + others.jobs, atLeast: some.atLeast || others.atLeast };
}

function missingHandler(jobs: WaitingJobs, workers: readonly WorkerRecord[]): Finding {
  const serving = serversOf(jobs.queue, workers);
  return finding("handler-missing", {
    ...jobs,
    workers: serving.map(({ id }) => id),
    known: serving.some(({ handlers }) => handlers.includes(jobs.name)),
  });
}

function overdue({ overdue: due }: FleetFacts, now: number): readonly Finding[] {
  const { jobs, atLeast, oldestAt } = due;
  if (oldestAt === null || now - oldestAt < overdueMs) return [];
  return [finding("jobs-overdue", { jobs, atLeast, oldestMs: now - oldestAt })];
}

/** A tick is fired within a second or two of its time. */
const missedMs = 60_000;

export const checkSchedules: Check = ({ fleet, now }) => {
  const facts = factsOf(fleet);
  if (facts === undefined) return undefined;
  const missed = facts.schedules.flatMap(({ name, nextAt, failure }) =>
    failure !== null || nextAt === null || now - nextAt <= missedMs
      ? []
      : finding("ticks-missed", { schedule: name, lateMs: now - nextAt }),
  );
  const failing = facts.schedules.flatMap(({ name, failure }) => {
    if (failure === null) return [];
    const { tries, code, message } = failure;
    return finding("schedule-failing", { schedule: name, tries, error: code, message });
  });
  return [...missed, ...failing];
};

/** So many uses of one key among the newest jobs, and so often, are too many for one row of an index. */
const hotUses = 100;
const hotPerSecond = 10;

export const checkKeys: Check = ({ fleet }, { laneJobs }) => {
  const facts = factsOf(fleet);
  if (facts === undefined) return undefined;
  const hot = facts.keys
    .filter(({ uses, spanMs }) => uses >= hotUses && uses * 1_000 >= hotPerSecond * spanMs)
    .map((use) => finding("key-hot", use));
  const crowded = facts.lines
    .filter(({ gate, jobs }) => gate.startsWith("lane:") && jobs >= laneJobs)
    .map(({ gate, jobs, atLeast }) =>
      finding("lane-crowded", { lane: gate.slice("lane:".length), jobs, atLeast }),
    );
  return [...hot, ...crowded];
};
