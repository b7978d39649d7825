import { createAlarm } from "../../service/alarm.ts";
import type { Engine } from "../../service/engine.ts";
import type { Periodic } from "../../service/periodic.ts";
import type { Agenda } from "../../storage/contract/maintain.ts";
import { type PassParts, type PassRun, startPass } from "./pass.ts";

const batch = 500;

/** How soon to look again for due jobs that another process has locked. */
const lockedMs = 50;

/** However long the poll: an operation whose process has ended goes on within a minute. */
const longestMs = 50_000;

/** When to look, and whom to tell. */
export interface PromoterPace {
  /** The pause while nothing is known to be due, in milliseconds. */
  readonly poll: () => number;
  /** What a look has shown there is to do, for passes that ask for nothing themselves. */
  readonly onAgenda: (agenda: Agenda) => void;
}

/**
 * Moves due jobs to `available` and wakes their queues: when the next one known is due, and at least once per `poll`
 * milliseconds. Each look tells of the agenda.
 * Any number of processes may run it.
 */
export function startPromoter(
  { storage, bookings, ...parts }: Pick<Engine, "storage" | "clock" | "bookings"> & PassParts,
  { poll, onAgenda }: PromoterPace,
): Periodic {
  const { clock } = parts;
  const alarm = createAlarm(clock, () => periodic.wake());

  async function promote(): Promise<PassRun> {
    alarm.clear();
    const answer = await storage.promoteJobs(batch, clock.now());
    if (answer.queues.length > 0) void storage.wake(answer.queues);
    onAgenda(answer);
    return { rows: answer.rows, pauseMs: answer.more ? 0 : pauseAfter(answer.nextDueAt) };
  }

  function pauseAfter(nextDueAt: number | null): number {
    const pollMs = Math.min(poll(), longestMs);
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
