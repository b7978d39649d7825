import { isHoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { createNap } from "./nap.ts";

/** A chore that runs again and again until it is stopped. */
export interface Periodic {
  /** Runs it now instead of at the end of its pause; during a run, once more right after. */
  wake(): void;
  /** Ends it after the run under way; idempotent. */
  stop(): Promise<void>;
}

/** What runs, and how its failures are named in the log. */
export interface PeriodicOptions {
  readonly name: string;
  readonly logger: Logger;
  /** Does the chore and gives the pause before the next run in milliseconds. */
  readonly run: () => Promise<number>;
}

const firstRetryMs = 100;
const lastRetryMs = 2_000;

/**
 * Starts a chore. A failing run is tried again after 100 ms, doubling to 2 s, and never ends the chore;
 * the first failure of a streak is logged as a warning, the rest at debug.
 */
export function startPeriodic({ name, logger, run }: PeriodicOptions): Periodic {
  let stopped = false;
  let woken = false;
  let failures = 0;
  const nap = createNap();

  async function once(): Promise<number> {
    try {
      const pause = await run();
      if (failures > 0) logger.info({ chore: name, failures }, "recovered");
      failures = 0;
      return pause;
    } catch (error) {
      if (stopped) return 0;
      const level = failures === 0 && !isHoldfastError(error, "CLIENT_CLOSED") ? "warn" : "debug";
      logger[level]({ chore: name, error }, "failed; trying again");
      failures += 1;
      return Math.min(firstRetryMs * 2 ** (failures - 1), lastRetryMs);
    }
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      woken = false;
      const pause = await once();
      if (!stopped && !woken) await nap.take(pause);
    }
  }

  const ended = loop();
  return {
    wake() {
      woken = true;
      nap.end();
    },
    async stop() {
      stopped = true;
      nap.end();
      await ended;
    },
  };
}
