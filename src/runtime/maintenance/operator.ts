import { workOperation } from "../../service/operation-work.ts";
import type { Periodic } from "../../service/periodic.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { type PassParts, type PassRun, startPass } from "./pass.ts";

/** Whoever starts an operation works it off too: this is for those whose process has ended, so others are in no hurry. */
const soonMs = 10_000;
/** While none is known to run: whoever promotes jobs says so when one does. */
const restMs = 300_000;

/** The pass that works operations off, and a way to tell it that one runs. */
export interface Operator extends Periodic {
  noteOperation(): void;
}

/** Goes on with operations on many jobs, a chunk at a time, that nobody is at. */
export function startOperator(
  storage: Pick<Storage, "workOperation" | "wake" | "wakeCancelled">,
  parts: PassParts,
): Operator {
  let resting = false;
  let soon: NodeJS.Timeout | undefined;

  async function operate(): Promise<PassRun> {
    resting = false;
    const done = await workOperation(storage, parts.clock.now());
    resting = done === undefined;
    return { rows: done?.jobs ?? 0, pauseMs: resting ? restMs : 0 };
  }

  const periodic = startPass("operate", operate, parts);
  return {
    ...periodic,
    noteOperation() {
      if (!resting) return;
      resting = false;
      soon = setTimeout(periodic.wake, soonMs).unref();
    },
    async stop() {
      clearTimeout(soon);
      await periodic.stop();
    },
  };
}
