import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import { type Periodic, startPeriodic } from "../../service/periodic.ts";
import type { MaintainStore } from "../../storage/contract/maintain.ts";

const batch = 1_000;
const everyMs = 300_000;

/** Removes finished jobs past their retention, a batch at a time, every five minutes. */
export function startPruner(storage: MaintainStore, clock: Clock, logger: Logger): Periodic {
  return startPeriodic({
    name: "prune",
    logger,
    async run() {
      const { more } = await storage.pruneJobs(batch, clock.now());
      return more ? 0 : everyMs;
    },
  });
}
