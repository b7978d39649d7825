import type { Logger } from "../core/logger.ts";
import { type Periodic, startPeriodic } from "../service/periodic.ts";
import type { SettleStore } from "../storage/contract/settle.ts";
import type { Occupant, Slots } from "./slots.ts";

/**
 * Looks for cancel requests and lost leases of the running jobs with every heartbeat, and at once when a wakeup says
 * so, and aborts their signals.
 */
export function watchLeases(
  storage: SettleStore,
  slots: Slots,
  logger: Logger,
  everyMs: number,
): Periodic {
  async function look(): Promise<number> {
    const running = new Map(slots.running().map((slot) => [slot.lease.id, slot]));
    if (running.size === 0) return everyMs;
    const answer = await storage.checkLeases([...running.values()].map((slot) => slot.lease));
    for (const { lease, request } of answer.cancelled) {
      const by = request.by === null ? {} : { by: request.by };
      running.get(lease.id)?.abort.abort({ kind: "cancel", message: request.why, ...by });
    }
    for (const lease of answer.lost) loseLease(running.get(lease.id), slots);
    return everyMs;
  }
  return startPeriodic({ name: "lease watch", logger, run: look });
}

/** A job settled since the question was asked, by its slot or by its own transaction, has lost nothing. */
function loseLease(slot: Occupant | undefined, slots: Slots): void {
  if (slot === undefined || slot.ending.written || !slots.running().includes(slot)) return;
  slot.abort.abort({ kind: "lease-lost", message: "The job is no longer this worker's." });
}
