import type { Clock } from "../core/clock.ts";
import { defaults } from "../core/defaults.ts";
import type { Logger } from "../core/logger.ts";
import { throttle } from "../core/throttle.ts";
import type { ControlStore } from "../storage/contract/control.ts";
import type { InspectStore } from "../storage/contract/inspect.ts";

const tries = 5;

/**
 * Closes a queue after a handler was throttled, one step of the curve per window however many workers hit it, and gives
 * the moment it opens again. When the queue cannot be written only this job waits.
 */
export async function coolDown(
  storage: Pick<ControlStore & InspectStore, "getCooling" | "coolQueue">,
  queue: string,
  retryAfterMs: number | null,
  clock: Clock,
  logger: Logger,
): Promise<number> {
  try {
    for (let left = tries; left > 0; left -= 1) {
      const from = await storage.getCooling(queue);
      const to = throttle(from, clock.now(), retryAfterMs);
      const same = from.level === to.level && from.closedUntil === to.closedUntil;
      if (same || (await storage.coolQueue(queue, from, to))) return to.closedUntil;
    }
  } catch (error) {
    logger.warn({ queue, error }, "could not cool the queue down; only this job waits");
  }
  return clock.now() + (retryAfterMs ?? defaults.throttleMinMs);
}
