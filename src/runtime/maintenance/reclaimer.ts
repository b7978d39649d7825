import type { Periodic } from "../../service/periodic.ts";
import type { MaintainStore } from "../../storage/contract/maintain.ts";
import { type PassParts, type PassRun, startPass } from "./pass.ts";

const everyMs = 2_000;
const idleMs = 300_000;

/** A reclaimer, and a way to tell it that jobs were run. */
export interface Reclaimer extends Periodic {
  noteWork(): void;
}

/** Gives the space of finished jobs back: every two seconds while there is some, and not at all while nothing runs. */
export function startReclaimer(storage: MaintainStore, parts: PassParts): Reclaimer {
  let resting = false;

  async function reclaim(): Promise<PassRun> {
    resting = false;
    const { moved, pending } = await storage.reclaimSpace();
    resting = !pending;
    return { rows: moved, pauseMs: pending ? everyMs : idleMs };
  }

  const periodic = startPass("reclaim", reclaim, parts);
  return {
    ...periodic,
    noteWork() {
      if (!resting) return;
      resting = false;
      setTimeout(periodic.wake, everyMs).unref();
    },
  };
}
