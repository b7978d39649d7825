import type { Client } from "../../core/client.ts";
import type { Diagnosis } from "../../core/finding.ts";
import type { Reading } from "../../http/reading.ts";
import { engineOf } from "../../service/engine.ts";
import type { OverviewFacts } from "./overview-facts.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Enough to tell a queue with much in it from one with little. */
const countAtMost = 10_000;
/** Jobs that are asked what they wait for. */
const blockedAsked = 50;
/** How the database is, is told when it is known; the rest does not wait for it. */
const patienceMs = 50;

/** Reads all the overview tells; its cost is that of the queues, workers and schedules, however many jobs there are. */
export async function readOverview(
  client: Client,
  condition: Reading<Diagnosis>,
): Promise<OverviewFacts> {
  const { storage } = engineOf(client);
  const now = client.clock.now();
  const minute = now - (now % minuteMs);
  const [queues, gauges, workers, schedules, limits, blocked, lastHour, lastMinute, last] =
    await Promise.all([
      client.queues.list({ countAtMost }),
      storage.readGauges(now),
      client.workers.list(),
      client.schedules.list(),
      client.limits.list(),
      client.jobs.list({ state: "blocked", limit: blockedAsked, valuesUpTo: 0 }),
      client.stats.list({ from: now - hourMs }),
      client.stats.summary({ from: minute - minuteMs, to: minute }),
      condition.latest(patienceMs),
    ]);
  return {
    queues,
    dueSince: new Map(
      gauges.flatMap(({ name, dueSince }) => (dueSince === null ? [] : [[name, dueSince]])),
    ),
    workers,
    schedules,
    limits,
    gates: blocked.jobs.flatMap(({ waitingFor }) => waitingFor ?? []),
    lastHour,
    lastMinute,
    findings: last?.value.findings,
    now,
  };
}
