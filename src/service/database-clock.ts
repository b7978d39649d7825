import type { Clock } from "../core/clock.ts";
import { startTimer } from "./long-timer.ts";

/** The database's time, read without asking it: this machine's monotonic clock and a measured offset. */
export interface DatabaseClock extends Clock {
  /** Ends the measuring; the clock goes on with what it knows. */
  stop(): void;
}

const firstSamples = 5;
const laterSamples = 1;
const measureEveryMs = 60_000;

/** What one round trip says: the offset lies between the two. */
interface Sample {
  readonly least: number;
  readonly most: number;
}

/**
 * Measures the database's time now and every minute.
 *
 * The host's wall clock is never read, so setting it changes nothing here. `now()` never goes back: when the
 * database's own time jumps ahead (or this machine slept) it is followed at once; when it jumps back, as it does on
 * SQLite with the machine's clock, this clock runs at half speed until both meet. Due jobs are late by at most the
 * pause they asked for, and none becomes due twice.
 */
export async function createDatabaseClock(
  serverTime: () => Promise<number>,
): Promise<DatabaseClock> {
  const first = await sample(serverTime, firstSamples);
  let offset = (first.least + first.most) / 2;
  let held = { at: performance.now(), time: Number.NEGATIVE_INFINITY };

  function exactNow(): number {
    const at = performance.now();
    return Math.max(at + offset, held.time + (at - held.at) / 2);
  }

  async function follow(): Promise<void> {
    const seen = await sample(serverTime, laterSamples);
    held = { at: performance.now(), time: exactNow() };
    // Inside the bounds nothing is known to be wrong, so a slow round trip moves nothing.
    offset = Math.min(Math.max(offset, seen.least), seen.most);
  }

  const timer = setInterval(() => {
    // An unreachable database tells no time; the offset known stays good for hours.
    follow().catch(() => {});
  }, measureEveryMs);
  timer.unref();

  return {
    now: () => Math.floor(exactNow()),
    after: startTimer,
    stop: () => clearInterval(timer),
  };
}

/** The bounds that several round trips agree on; the quickest one's when the time jumped between them. */
async function sample(serverTime: () => Promise<number>, count: number): Promise<Sample> {
  let best = await roundTrip(serverTime);
  for (let taken = 1; taken < count; taken += 1) {
    const next = await roundTrip(serverTime);
    const least = Math.max(best.least, next.least);
    const most = Math.min(best.most, next.most);
    if (least <= most) best = { least, most };
    else if (next.most - next.least < best.most - best.least) best = next;
  }
  return best;
}

async function roundTrip(serverTime: () => Promise<number>): Promise<Sample> {
  const sent = performance.now();
  const time = await serverTime();
  const received = performance.now();
  // Whole milliseconds: the time read was anywhere within the one named.
  return { least: time - received, most: time + 1 - sent };
}
