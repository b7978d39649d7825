import { workOperation } from "../../service/operation-work.ts";
import type { Periodic } from "../../service/periodic.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { type PassParts, startPass } from "./pass.ts";

/** Whoever starts an operation works it off too: this is for those whose process has ended. */
const everyMs = 60_000;

/** Goes on with operations on many jobs, a chunk at a time, that nobody is at. */
export function startOperator(storage: Storage, parts: PassParts): Periodic {
  const operate = async () => {
    const done = await workOperation(storage, parts.clock.now());
    return { rows: done?.jobs ?? 0, pauseMs: done === undefined ? everyMs : 0 };
  };
  return startPass("operate", operate, parts);
}
