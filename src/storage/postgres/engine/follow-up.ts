import { setTimeout as sleep } from "node:timers/promises";
import type { AdmitStore } from "../../contract/admit.ts";
import type { Connection } from "../connection.ts";
import { messageOf } from "../sql-errors.ts";

/** Lets in whoever may go ahead since a write was committed that concerned these gates, and wakes their queues. Never throws. */
export type FollowUp = (gates: readonly string[], now: number | undefined) => Promise<void>;

/** As long as more can be let in, or somebody else is at a gate, who may have looked before the write. */
const mostCalls = 6;

/** What is missed here, the pass makes up for. */
export function createFollowUp(
  { logger }: Connection,
  admitJobs: AdmitStore["admitJobs"],
  wake: (queues: readonly string[]) => Promise<void>,
): FollowUp {
  return async (gates, now) => {
    if (gates.length === 0 || now === undefined) return;
    try {
      for (let call = 0; call < mostCalls; call += 1) {
        const { rows, more, queues } = await admitJobs(gates, now);
        if (queues.length > 0) await wake(queues);
        if (!more) return;
        if (rows === 0) await sleep(2 ** call);
      }
    } catch (error) {
      logger?.debug(
        { error: messageOf(error), gates },
        "could not let waiting jobs in at once; the next pass does",
      );
    }
  };
}
