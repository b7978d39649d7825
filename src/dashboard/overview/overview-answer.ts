import type { Queue } from "../../core/queue.ts";
import type { Counted } from "../wire/jobs.ts";
import type { OverviewAnswer, QueueCard } from "../wire/overview.ts";
import { attentionTo } from "./attention.ts";
import type { OverviewFacts } from "./overview-facts.ts";

/** What the overview shows. */
export function overviewOf(facts: OverviewFacts): OverviewAnswer {
  const { queues, dueSince, lastMinute, now } = facts;
  const first = Math.min(...dueSince.values());
  const reports = facts.workers.flatMap(({ report }) => report ?? []);
  return {
    attention: attentionTo(facts),
    tiles: {
      completed: lastMinute.completed,
      failed: lastMinute.failed,
      retried: lastMinute.retried,
      waiting: waitingIn(queues),
      oldestWaitingMs: Number.isFinite(first) ? Math.max(0, now - first) : null,
      busy: sum(reports.map(({ running }) => running)),
      places: sum(reports.map(({ places }) => places)),
    },
    queues: queues.map((queue) => cardOf(queue, facts)),
    deploys: deploysOf(facts),
    now,
  };
}

function waitingIn(queues: readonly Queue[]): Counted {
  return {
    count: sum(queues.map(({ available, blocked }) => available + blocked)),
    atLeast: queues.some(
      ({ atLeast }) => atLeast.includes("available") || atLeast.includes("blocked"),
    ),
  };
}

function cardOf(queue: Queue, { lastHour, now }: OverviewFacts): QueueCard {
  const { name, paused, unserved } = queue;
  const closedUntil = (queue.closedUntil ?? 0) > now ? queue.closedUntil : null;
  const failed = sum(lastHour.flatMap((each) => (each.queue === name ? each.failed : [])));
  const counted = (count: "available" | "running" | "blocked" | "scheduled"): Counted => ({
    count: queue[count],
    atLeast: queue.atLeast.includes(count),
  });
  return {
    name,
    states: {
      scheduled: counted("scheduled"),
      available: counted("available"),
      blocked: counted("blocked"),
      running: counted("running"),
    },
    failed,
    paused,
    closedUntil,
    unserved,
  };
}

/** A version is deployed when the first of the workers that run it registers. */
function deploysOf({ workers }: OverviewFacts): OverviewAnswer["deploys"] {
  const first = new Map<string, number>();
  for (const { version, startedAt } of workers) {
    if (version === null) continue;
    first.set(version, Math.min(first.get(version) ?? startedAt, startedAt));
  }
  return [...first]
    .map(([version, at]) => ({ at, version }))
    .toSorted((one, other) => one.at - other.at);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
