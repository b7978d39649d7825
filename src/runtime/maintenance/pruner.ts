import type { Periodic } from "../../service/periodic.ts";
import type { MaintainStore } from "../../storage/contract/maintain.ts";
import { type PassParts, startPass } from "./pass.ts";

const batch = 1_000;
const everyMs = 300_000;

/** Removes finished jobs past their retention, a batch at a time, every five minutes. */
export function startPruner(storage: MaintainStore, parts: PassParts): Periodic {
  const prune = async () => {
    const { rows, more } = await storage.pruneJobs(batch, parts.clock.now());
    return { rows, pauseMs: more ? 0 : everyMs };
  };
  return startPass("prune", prune, parts);
}
