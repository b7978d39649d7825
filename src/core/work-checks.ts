import { roughDuration } from "./duration.ts";
import { type Check, factsOf } from "./examination.ts";
import { type Finding, finding } from "./finding.ts";
import type { FleetFacts, WaitingJobs } from "./health-facts.ts";
import type { CappedCount } from "./job-search.ts";
import { counted, countedUpTo, listed } from "./phrases.ts";
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
    ...Array.from(unserved, ([queue, jobs]) => unservedQueue(queue, jobs)),
    ...unhandled.map((jobs) => missingHandler(jobs, workers)),
    ...overdue(facts, now),
  ];
};

function together(some: CappedCount, others: CappedCount | undefined): CappedCount {
  if (others === undefined) return some;
  return { jobs: some.jobs + others.jobs, atLeast: some.atLeast || others.atLeast };
}

function unservedQueue(queue: string, jobs: CappedCount): Finding {
  return finding(
    "queue-unserved",
    `${countedUpTo(jobs, "job waits", "jobs wait")} in ${JSON.stringify(queue)}, and no worker takes jobs of it.`,
    "Start a worker with a handler of that queue, or name the queue in the queues option of one. Workers that drain, or were silent for longer than their lease, take none.",
  );
}

function missingHandler(jobs: WaitingJobs, workers: readonly WorkerRecord[]): Finding {
  const { queue, name, version } = jobs;
  const serving = serversOf(queue, workers);
  const knowing = serving.some(({ handlers }) => handlers.includes(name));
  const lacks = knowing ? `understands version ${version} of their payload` : "has their handler";
  return finding(
    "handler-missing",
    `${countedUpTo(jobs, "job", "jobs")} ${JSON.stringify(name)} wait in ${JSON.stringify(queue)}, and none of the workers there (${listed(serving.map(({ id }) => id))}) ${lacks}.`,
    "Deploy a worker that has the handler and the newest definition; jobs nobody needs are cancelled by id.",
  );
}

function overdue({ overdue: due }: FleetFacts, now: number): readonly Finding[] {
  const { oldestAt } = due;
  if (oldestAt === null || now - oldestAt < overdueMs) return [];
  return [
    finding(
      "jobs-overdue",
      `${countedUpTo(due, "job is", "jobs are")} past due, the first of them for ${roughDuration(now - oldestAt)}.`,
      "Any live worker makes due jobs available, whatever queues it serves: start one, or look into the log of those that run.",
    ),
  ];
}

/** A tick is fired within a second or two of its time. */
const missedMs = 60_000;

export const checkSchedules: Check = ({ fleet, now }) => {
  const facts = factsOf(fleet);
  if (facts === undefined) return undefined;
  const missed = facts.schedules
    .filter(({ nextAt, failure }) => failure === null && nextAt !== null && now - nextAt > missedMs)
    .map(({ name, nextAt }) =>
      finding(
        "ticks-missed",
        `${JSON.stringify(name)} was to tick ${roughDuration(now - Number(nextAt))} ago.`,
        "Any live worker fires ticks, whatever queues it serves: start one, or look into the log of those that run.",
      ),
    );
  const failing = facts.schedules.flatMap(({ name, failure }) =>
    failure === null
      ? []
      : finding(
          "schedule-failing",
          `${JSON.stringify(name)} was tried ${counted(failure.tries, "time", "times")} in vain: ${failure.code}: ${failure.message}`,
          "Do what the error says; the tick is tried again by itself. A schedule nobody needs is removed or paused.",
        ),
  );
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
    .map(({ name, key, uses, spanMs }) =>
      finding(
        "key-hot",
        `${uses} jobs ${JSON.stringify(name)} of the unique key ${JSON.stringify(key)} came and went within ${roughDuration(Math.max(spanMs, 1_000))}. Each leaves a dead row, which all later uses step over while an old snapshot is open.`,
        "Use unique with a longer period (within), or onConflict replace, so that many calls become one job.",
      ),
    );
  const crowded = facts.lines
    .filter(({ gate, jobs }) => gate.startsWith("lane:") && jobs >= laneJobs)
    .map((line) =>
      finding(
        "lane-crowded",
        `${countedUpTo(line, "job waits", "jobs wait")} in the lane ${JSON.stringify(line.gate.slice("lane:".length))}, and one runs at a time.`,
        "Give the lane a finer key, or let several of its jobs be one batch; cancel those nobody needs.",
      ),
    );
  return [...hot, ...crowded];
};
