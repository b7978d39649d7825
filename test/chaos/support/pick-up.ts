import { type Crew, reportsOf } from "./crew.ts";
import { leaveMark } from "./jobs.mjs";
import type { Place } from "./place.ts";
import { until } from "./until.ts";

const rounds = 5;
const promptMs = 1_500;
const patienceMs = 20_000;

/**
 * Measures how long an idle worker takes from an acknowledged enqueue to the handler's first line, several times in a row.
 * Wakeups may take a moment to come back after a fault; a worker that is not prompt again in time fails.
 */
export async function pickUpTimes(place: Place, crew: Crew, queue: string): Promise<number[]> {
  const end = performance.now() + patienceMs;
  for (let times: number[] = []; ; ) {
    const ms = await pickUpTime(place, crew, queue);
    times = ms === undefined ? [] : [...times, ms];
    if (times.length === rounds) return times;
    if (performance.now() > end) throw new Error(`No wakeup arrived for ${patienceMs} ms.`);
  }
}

/** One pick-up, or `undefined` when it was not prompt. */
async function pickUpTime(
  { client }: Place,
  crew: Crew,
  queue: string,
): Promise<number | undefined> {
  const { id } = await client.enqueue(leaveMark, { workMs: 0 }, { queue });
  const enqueued = performance.now();
  const seen = () => reportsOf(crew, "began").find(({ job }) => job === id);
  const began = await until("it begins", promptMs, seen).catch(() => undefined);
  // A report can arrive before the acknowledgement.
  return began === undefined ? undefined : Math.max(0, began.at - enqueued);
}
