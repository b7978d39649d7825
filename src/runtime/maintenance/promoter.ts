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
  { storage, clock, logger, bookings }: Pick<Engine, "storage" | "clock" | "logger" | "bookings">,
  poll: () => number,
): Periodic {
  let expected = Number.POSITIVE_INFINITY;
  let forget = (): void => {};

  function expectNothing(): void {
    forget();
    expected = Number.POSITIVE_INFINITY;
  }

  /** On the injected clock, so that a manual one drives it. */
  function expect(dueAt: number): void {
    if (dueAt >= expected) return;
    forget();
    expected = dueAt;
    const inMs = dueAt - clock.now();
    if (inMs <= 0) periodic.wake();
    else forget = clock.after(inMs, () => periodic.wake());
  }

  async function promote(): Promise<number> {
    expectNothing();
    const answer = await storage.promoteJobs(batch, clock.now());
    if (answer.queues.length > 0) void storage.wake(answer.queues);
    if (answer.more) return 0;
    const pollMs = poll();
    if (answer.nextDueAt === null) return pollMs;
    if (answer.nextDueAt <= clock.now()) return Math.min(lockedMs, pollMs);
    expect(answer.nextDueAt);
    return pollMs;
  }

  const periodic = startPeriodic({ name: "promote", logger, run: promote });
  const unlisten = bookings.listen(expect);
  return {
    wake: periodic.wake,
    async stop() {
      unlisten();
      await periodic.stop();
      expectNothing();
    },
  };
}
