import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import { type Periodic, startPeriodic } from "../../service/periodic.ts";
import type { PassBook } from "./pass-book.ts";

/** What a pass of maintenance is run with. */
export interface PassParts {
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
  readonly passes: PassBook;
}

/** What one run did, and the pause before the next in milliseconds. */
export interface PassRun {
  /** Rows moved or removed. */
  readonly rows: number;
  readonly pauseMs: number;
}

/**
 * Starts a pass of maintenance: a chore that any number of processes may do at any time, whose last run everybody can see.
 * It fails as a chore does.
 */
export function startPass(
  name: string,
  run: () => Promise<PassRun>,
  { clock, logger, passes }: PassParts,
): Periodic {
  return startPeriodic({
    name,
    logger,
    async run() {
      const ranAt = clock.now();
      const began = performance.now();
      const note = (rows: number, error: string | null): void => {
        passes.note(name, { ranAt, tookMs: Math.round(performance.now() - began), rows, error });
      };
      try {
        const { rows, pauseMs } = await run();
        note(rows, null);
        return pauseMs;
      } catch (error) {
        note(0, error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  });
}
