import { setTimeout as sleep } from "node:timers/promises";
import { HoldfastError } from "../core/errors.ts";
import type { ScheduleRecord } from "../core/schedule.ts";

const mostTries = 10;
const firstPauseMs = 5;

/**
 * Reads, decides and writes until nobody came in between: `step` gives `undefined` when somebody did.
 *
 * @throws {HoldfastError} `STORAGE_CONFLICT` when somebody always does; what `step` throws.
 */
export async function untilWritten<Value>(
  where: string,
  step: () => Promise<Value | undefined>,
): Promise<Value> {
  for (let tried = 0; tried < mostTries; tried += 1) {
    const value = await step();
    if (value !== undefined) return value;
    // Not in step with whoever came in between.
    await sleep(firstPauseMs * 2 ** tried * (0.5 + Math.random()));
  }
  throw new HoldfastError(
    "STORAGE_CONFLICT",
    `${where}: others changed the schedule each time it was to be written. Try again.`,
  );
}

/** There is no schedule of the name. */
export function scheduleNotFound(name: string): HoldfastError {
  return new HoldfastError(
    "SCHEDULE_NOT_FOUND",
    `There is no schedule ${JSON.stringify(name)}; client.schedules.list() gives those there are.`,
    { details: { schedule: name } },
  );
}

/** The name is somebody else's. */
export function scheduleTaken(where: string, { name, group }: ScheduleRecord): HoldfastError {
  const owner =
    group === null ? "was made by hand" : `is declared by group ${JSON.stringify(group)}`;
  return new HoldfastError(
    "SCHEDULE_TAKEN",
    `${where}: schedule ${JSON.stringify(name)} ${owner}. Change it there, remove it first, or use another name.`,
    { details: { schedule: name, group } },
  );
}
