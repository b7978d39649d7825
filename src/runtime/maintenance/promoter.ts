import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import { type Periodic, startPeriodic } from "../../service/periodic.ts";
import type { MaintainStore } from "../../storage/contract/maintain.ts";
import type { WakeupStore } from "../../storage/contract/wakeup.ts";

const batch = 500;

/**
 * Moves due jobs to `available` and wakes their queues: when the next one known is due, and at least once per poll.
 * Any number of processes may run it.
 */
export function startPromoter(
  storage: Pick<MaintainStore & WakeupStore, "promoteJobs" | "wake">,
  clock: Clock,
  logger: Logger,
  pollMs: number,
): Periodic {
  let forgetDue = (): void => {};

  async function promote(): Promise<number> {
    forgetDue();
    const answer = await storage.promoteJobs(batch, clock.now());
    if (answer.queues.length > 0) void storage.wake(answer.queues);
    if (answer.more) return 0;
    if (answer.nextDueAt !== null) {
      // On the injected clock, so that a manual one drives it.
      const untilDue = Math.max(1, answer.nextDueAt - clock.now());
      forgetDue = clock.after(untilDue, () => periodic.wake());
    }
    return pollMs;
  }

  const periodic = startPeriodic({ name: "promote", logger, run: promote });
  return {
    wake: periodic.wake,
    async stop() {
      await periodic.stop();
      forgetDue();
    },
  };
}
