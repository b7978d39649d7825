import { setTimeout as sleep } from "node:timers/promises";
import { HoldfastError } from "../../../core/errors.ts";
import type { Logger } from "../../../core/logger.ts";

/** How long anything waits for another process to let go of the file. */
const patienceMs = 30_000;

/** A wait an operator should hear of. */
const noteworthyMs = 1_000;

/** Each pause is a tenth of the time paused before it: most transactions are over in a moment, and a long one is not asked every moment. */
const shareOfWait = 0.1;
const shortestPauseMs = 1;
const longestPauseMs = 25;

/** Waits for a lock another process holds, with the event loop free. */
export interface Patience {
  /**
   * Pauses a little, longer each time.
   *
   * @throws {HoldfastError} `STORAGE_BUSY` when it has waited long enough in all.
   */
  pause(): Promise<void>;
}

/** Starts waiting now, for at most `limitMs` in all. */
export function createPatience(logger?: Logger, limitMs = patienceMs): Patience {
  const since = performance.now();
  let firstPause: number | undefined;
  let warned = false;
  return {
    async pause() {
      const now = performance.now();
      firstPause ??= now;
      const waited = Math.round(now - since);
      if (waited >= limitMs) throw busy(waited);
      if (waited >= noteworthyMs && !warned) {
        warned = true;
        logger?.warn({ waitedMs: waited }, "waiting for the writer of the SQLite file");
      }
      const pauseMs = (now - firstPause) * shareOfWait;
      await sleep(Math.min(Math.max(pauseMs, shortestPauseMs), longestPauseMs));
    },
  };
}

function busy(waitedMs: number): HoldfastError {
  return new HoldfastError(
    "STORAGE_BUSY",
    `Another process or an open transaction held the SQLite file for ${waitedMs} ms. Try again, and look for a transaction somebody left open.`,
    { details: { waitedMs } },
  );
}
