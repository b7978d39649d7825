import type { Logger } from "../core/logger.ts";
import { type Periodic, startPeriodic } from "../service/periodic.ts";
import type { SettleStore } from "../storage/contract/settle.ts";
import type { Occupant, Slots } from "./slots.ts";

/** Looks for cancel requests and lost leases of the running jobs. */
export interface LeaseWatch extends Periodic {
  /** Cancel requests stand against these jobs, wherever they run; without ids, against any. */
  cancelled(ids: readonly string[]): void;
}

/** What the watch works with. */
export interface LeaseWatchParts {
  readonly storage: Pick<SettleStore, "checkLeases">;
  readonly slots: Pick<Slots, "running">;
  readonly logger: Logger;
  /** The pause between two looks that nobody asked for, in milliseconds. */
  readonly everyMs: number;
}

/** A job is running from its claim on, and has its place a moment later: so long, and so often, it is looked for. */
const arrivesWithinMs = 1_000;
const lookAgainMs = 20;

/**
 * Looks with every heartbeat, and at once when a wakeup tells of a cancel request here, and aborts the signals of the jobs
 * concerned. A request against a job that runs elsewhere costs no statement.
 */
export function watchLeases({ storage, slots, logger, everyMs }: LeaseWatchParts): LeaseWatch {
  /** Jobs asked to stop that have no place here, and until when they are looked for. */
  const heardOf = new Map<string, number>();
  let due = 0;

  async function look(): Promise<number> {
    const now = performance.now();
    const running = new Map(slots.running().map((slot) => [slot.lease.id, slot]));
    for (const [id, until] of heardOf) {
      if (running.has(id)) due = now;
      if (running.has(id) || until <= now) heardOf.delete(id);
    }
    if (due <= now) {
      due = now + everyMs;
      await check({ storage, slots }, running).catch((error: unknown) => {
        due = 0;
        throw error;
      });
    }
    const pause = Math.max(0, due - performance.now());
    return heardOf.size > 0 ? Math.min(lookAgainMs, pause) : pause;
  }

  const periodic = startPeriodic({ name: "lease watch", logger, run: look });

  function wake(): void {
    due = 0;
    periodic.wake();
  }

  return {
    wake,
    cancelled(ids) {
      if (ids.length === 0) return wake();
      const until = performance.now() + arrivesWithinMs;
      for (const id of ids) heardOf.set(id, until);
      periodic.wake();
    },
    stop: periodic.stop,
  };
}

/** Asks about all that runs here, and tells the jobs concerned. */
async function check(
  { storage, slots }: Pick<LeaseWatchParts, "storage" | "slots">,
  running: ReadonlyMap<string, Occupant>,
): Promise<void> {
  if (running.size === 0) return;
  const leases = Array.from(running.values(), ({ lease }) => lease);
  const { cancelled, lost } = await storage.checkLeases(leases);
  for (const { lease, request } of cancelled) {
    const by = request.by === null ? {} : { by: request.by };
    running.get(lease.id)?.abort.abort({ kind: "cancel", message: request.why, ...by });
  }
  for (const lease of lost) loseLease(running.get(lease.id), slots);
}

/** A job settled since the question was asked, by its slot or by its own transaction, has lost nothing. */
function loseLease(slot: Occupant | undefined, slots: Pick<Slots, "running">): void {
  if (slot === undefined || slot.ending.written || !slots.running().includes(slot)) return;
  slot.abort.abort({ kind: "lease-lost", message: "The job is no longer this worker's." });
}
