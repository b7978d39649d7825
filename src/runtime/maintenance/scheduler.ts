import { createAlarm } from "../../service/alarm.ts";
import type { Engine } from "../../service/engine.ts";
import type { Periodic } from "../../service/periodic.ts";
import { fireDueTicks } from "../fire-ticks.ts";
import { createScheduleBook } from "../schedule-book.ts";
import { type PassParts, type PassRun, startPass } from "./pass.ts";

/** The pause when nothing is due: whoever promotes jobs says sooner when something is. */
const restMs = 300_000;
/** How soon to look again at what others are firing. */
const lockedMs = 50;

/**
 * Fires the ticks of schedules when they are due, and asks the database for nothing in between: the promoter's looks tell of the
 * next tick too. Any number of processes may run it.
 */
export function startScheduler(
  engine: Pick<Engine, "storage" | "clock" | "ticks"> & PassParts,
  random: () => number = Math.random,
): Periodic {
  const { clock, ticks } = engine;
  const book = createScheduleBook(clock);
  const alarm = createAlarm(clock, () => periodic.wake());

  async function look(): Promise<PassRun> {
    alarm.clear();
    const { fired, left, nextDueAt } = await fireDueTicks(engine, {
      startAt: random(),
      book,
    });
    if (nextDueAt !== null) alarm.set(nextDueAt);
    const againMs = fired > 0 ? 0 : lockedMs;
    return { rows: fired, pauseMs: left ? againMs : restMs };
  }

  const periodic = startPass("schedule", look, engine);
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
