import { createAlarm } from "../../service/alarm.ts";
import type { Engine } from "../../service/engine.ts";
import type { Periodic } from "../../service/periodic.ts";
import { type PassParts, type PassRun, startPass } from "./pass.ts";

const batch = 500;

/** How soon to look again for due jobs that another process has locked. */
const lockedMs = 50;

/**
 * Moves due jobs to `available` and wakes their queues: when the next one known is due, and at least once per `poll`
 * milliseconds.
 * Any number of processes may run it.
 */
export function startPromoter(
  {
    storage,
    bookings,
    ticks,
    ...parts
  }: Pick<Engine, "storage" | "clock" | "bookings" | "ticks"> & PassParts,
  poll: () => number,
): Periodic {
  const { clock } = parts;
  const alarm = createAlarm(clock, () => periodic.wake());

  async function promote(): Promise<PassRun> {
    alarm.clear();
    const answer = await storage.promoteJobs(batch, clock.now());
    if (answer.queues.length > 0) void storage.wake(answer.queues);
    if (answer.nextTickAt !== null) ticks.add(answer.nextTickAt);
    return { rows: answer.rows, pauseMs: answer.more ? 0 : pauseAfter(answer.nextDueAt) };
  }

  function pauseAfter(nextDueAt: number | null): number {
    const pollMs = poll();
    if (nextDueAt === null) return pollMs;
    if (nextDueAt <= clock.now()) return Math.min(lockedMs, pollMs);
    alarm.set(nextDueAt);
    return pollMs;
  }

  const periodic = startPass("promote", promote, parts);
  const unlisten = bookings.listen(alarm.set);
  return {
    wake: periodic.wake,
    async stop() {
      unlisten();
      await periodic.stop();
      alarm.clear();
    },
  };
}
