import type { Logger } from "../../core/logger.ts";
import { type Periodic, startPeriodic } from "../../service/periodic.ts";
import type { MaintainStore } from "../../storage/contract/maintain.ts";

const everyMs = 2_000;
const idleMs = 300_000;

/** A reclaimer, and a way to tell it that jobs were run. */
export interface Reclaimer extends Periodic {
  noteWork(): void;
}

/** Gives the space of finished jobs back: every two seconds while there is some, and not at all while nothing runs. */
export function startReclaimer(storage: MaintainStore, logger: Logger): Reclaimer {
  let resting = false;
  const periodic = startPeriodic({
    name: "reclaim",
    logger,
    async run() {
      resting = false;
      const { pending } = await storage.reclaimSpace();
      resting = !pending;
      return pending ? everyMs : idleMs;
    },
  });
  return {
    ...periodic,
    noteWork() {
      if (!resting) return;
      resting = false;
      setTimeout(periodic.wake, everyMs).unref();
    },
  };
}
