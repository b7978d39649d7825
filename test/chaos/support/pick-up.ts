import { type Crew, reportsOf } from "./crew.ts";
import { leaveMark } from "./jobs.mjs";
import type { Place } from "./place.ts";
import { until } from "./until.ts";

const rounds = 5;
const patienceMs = 20_000;
const promptMs = 2_000;

/**
 * Measures how long an idle worker takes from an acknowledged enqueue to the handler's first line. Wakeups may take a moment
 * to come back after a fault, so measuring begins with the first prompt one; a worker that is never prompt again fails.
 */
export async function pickUpTimes(place: Place, crew: Crew, queue: string): Promise<number[]> {
  const all: number[] = [];
  const end = performance.now() + patienceMs;
  for (let prompt = 0; prompt < rounds; ) {
    const ms = await pickUpTime(place, crew, queue);
    all.push(ms);
    prompt = ms < promptMs ? prompt + 1 : 0;
    if (performance.now() > end) throw new Error(`Wakeups do not arrive: ${all.join(", ")} ms.`);
  }
  return all;
}
