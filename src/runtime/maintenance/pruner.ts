import type { Periodic } from "../../service/periodic.ts";
import type { MaintainStore } from "../../storage/contract/maintain.ts";
import { type PassParts, startPass } from "./pass.ts";

const batch = 500;
const everyMs = 300_000;
/** Between two batches it rests so many times as long as the last took: a day of many jobs may expire at once, and nobody waits for it. */
const restFactor = 4;

/** Removes finished jobs past their retention, a batch at a time with rests between, every five minutes. */
export function startPruner(storage: MaintainStore, parts: PassParts): Periodic {
  async function prune() {
    const began = performance.now();
    const { rows, more } = await storage.pruneJobs(batch, parts.clock.now());
    return { rows, pauseMs: more ? restFactor * (performance.now() - began) : everyMs };
  }
  return startPass("prune", prune, parts);
}
