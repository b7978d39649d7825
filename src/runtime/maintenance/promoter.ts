import { createAlarm } from "../../service/alarm.ts";
import type { Engine } from "../../service/engine.ts";
import { type Periodic, startPeriodic } from "../../service/periodic.ts";

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
    clock,
    logger,
    bookings,
    ticks,
  }: Pick<Engine, "storage" | "clock" | "logger" | "bookings" | "ticks">,
  poll: () => number,
): Periodic {
  const alarm = createAlarm(clock, () => periodic.wake());

  async function promote(): Promise<number> {
    alarm.clear();
    const answer = await storage.promoteJobs(batch, clock.now());
    if (answer.queues.length > 0) void storage.wake(answer.queues);
    if (answer.nextTickAt !== null) ticks.add(answer.nextTickAt);
    if (answer.more) return 0;
    const pollMs = poll();
    if (answer.nextDueAt === null) return pollMs;
    if (answer.nextDueAt <= clock.now()) return Math.min(lockedMs, pollMs);
    alarm.set(answer.nextDueAt);
    return pollMs;
  }

  const periodic = startPeriodic({ name: "promote", logger, run: promote });
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
