import type { Clock } from "../core/clock.ts";
import type { JobCount } from "../core/queue-gauges.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { MetricsFacts } from "./metrics-facts.ts";
import { createReading, type Reading } from "./reading.ts";

/** Counting jobs may take this share of the time, however many there are. */
const countingShare = 0.02;
/** How long an answer waits for a count under way, before it tells the last one. */
const countPatienceMs = 200;
/** Longer than any count that ends. */
const countGiveUpMs = 600_000;

/** What metrics ask of a storage. */
export type MetricsStorage = Pick<
  Storage,
  "readTotals" | "readGauges" | "countUnfinished" | "listWorkers" | "listSchedules"
>;

/**
 * Makes a function that reads everything metrics tell. All but the counts of jobs costs what there is of queues, names and workers. The jobs
 * are walked, so a count is kept for fifty times as long as it took; with few of them that is no time at all.
 */
export function createMetricsReader(
  storage: MetricsStorage,
  clock: Clock,
  keepMs: number,
): () => Promise<MetricsFacts> {
  const counting = createReading(() => storage.countUnfinished(), {
    keepMs: (tookMs) => Math.max(keepMs, tookMs / countingShare),
    giveUpMs: countGiveUpMs,
  });
  return async () => {
    const now = clock.now();
    const [totals, queues, workers, { schedules }, counted] = await Promise.all([
      storage.readTotals(),
      storage.readGauges(now),
      storage.listWorkers(),
      storage.listSchedules(),
      latestOf(counting),
    ]);
    return { now, totals, queues, counted, workers, schedules };
  };
}

async function latestOf(counting: Reading<readonly JobCount[]>): Promise<MetricsFacts["counted"]> {
  const latest = await counting.latest(countPatienceMs);
  return latest === undefined ? undefined : { counts: latest.value, ageMs: latest.ageMs };
}
