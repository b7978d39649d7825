import { setTimeout as sleep } from "node:timers/promises";
import { type Crew, reportsOf } from "./crew.ts";
import { leaveMark } from "./jobs.mjs";
import type { Place } from "./place.ts";
import { until } from "./until.ts";

const rounds = 2;
/**
 * A worker without work looks again after 25 ms, 50 ms, 100 ms, ..., so 1575 ms and 3175 ms after its last job. In between,
 * only a wakeup makes it prompt.
 */
const idleMs = 1_750;
const promptMs = 1_000;
const patienceMs = 20_000;

/**
 * Measures how long an idle worker takes from an acknowledged enqueue to the handler's first line, twice in a row. Wakeups
 * may take a moment to come back after a fault; a worker that is not prompt again in time fails.
 */
export async function pickUpTimes(
  place: Place,
  crew: Crew,
  queue = "default",
): Promise<readonly number[]> {
  const end = performance.now() + patienceMs;
  for (let times: number[] = []; ; ) {
    await sleep(idleMs);
    const ms = await pickUpTime(place, crew, queue);
    times = ms < promptMs ? [...times, ms] : [];
    if (times.length === rounds) return times;
    if (performance.now() > end) throw new Error(`No wakeup arrived for ${patienceMs} ms.`);
  }
}

async function pickUpTime({ client }: Place, crew: Crew, queue: string): Promise<number> {
  const { id } = await client.enqueue(leaveMark, { workMs: 0 }, { queue });
  const enqueued = performance.now();
  const began = await until("an idle worker begins a job", patienceMs, () =>
    reportsOf(crew, "began").find(({ job }) => job === id),
  );
  // A report can arrive before the acknowledgement.
  return Math.max(0, began.at - enqueued);
}
