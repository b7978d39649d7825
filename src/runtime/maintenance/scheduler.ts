import { createAlarm } from "../../service/alarm.ts";
import type { Engine } from "../../service/engine.ts";
import { type Periodic, startPeriodic } from "../../service/periodic.ts";
import { fireDueTicks } from "../fire-ticks.ts";

/** The pause when nothing is due: whoever promotes jobs says sooner when something is. */
const restMs = 300_000;
/** How soon to look again at what others are firing. */
const lockedMs = 50;

/**
 * Fires the ticks of schedules when they are due, and asks the database for nothing in between: the promoter's looks tell of the
 * next tick too. Any number of processes may run it.
 */
export function startScheduler(
  engine: Pick<Engine, "storage" | "clock" | "logger" | "ticks">,
  random: () => number = Math.random,
): Periodic {
  const { clock, logger, ticks } = engine;
  const alarm = createAlarm(clock, () => periodic.wake());

  async function look(): Promise<number> {
    alarm.clear();
    const { fired, left, nextDueAt } = await fireDueTicks(engine, random());
    if (nextDueAt !== null) alarm.set(nextDueAt);
    if (!left) return restMs;
    return fired > 0 ? 0 : lockedMs;
  }

  const periodic = startPeriodic({ name: "schedule", logger, run: look });
  const unlisten = ticks.listen(alarm.set);
  return {
    wake: periodic.wake,
    async stop() {
      unlisten();
      await periodic.stop();
      alarm.clear();
    },
  };
}
