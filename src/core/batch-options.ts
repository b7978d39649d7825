import { checkOptions, kindOf, rule } from "./check-options.ts";
import { defaults } from "./defaults.ts";
import { type Duration, parseDuration } from "./duration.ts";
import { HoldfastError } from "./errors.ts";

/** How the jobs of one definition are put together. */
export interface BatchOptions {
  /** The most jobs in one batch; default 25. */
  readonly size?: number;
  /** Batches of this definition running at once in a process; default 2. Each takes one place of the worker's concurrency. */
  readonly concurrent?: number;
  /** How long a batch that is not full waits for more jobs; default 0. */
  readonly linger?: Duration;
}

/** The options, checked and filled in. */
export interface BatchPlan {
  readonly size: number;
  readonly concurrent: number;
  readonly lingerMs: number;
}

/**
 * Checks what `batchHandler` was given.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function batchPlan(options: BatchOptions, run: unknown): BatchPlan {
  checkOptions("batchHandler", options, {
    size: rule.count,
    concurrent: rule.count,
    linger: rule.any,
  });
  if (typeof run !== "function") {
    throw new HoldfastError(
      "INVALID_OPTION",
      `batchHandler takes options and a function of a batch; got ${kindOf(run)}.`,
    );
  }
  return {
    size: options.size ?? defaults.batchSize,
    concurrent: options.concurrent ?? defaults.batchConcurrent,
    lingerMs: options.linger === undefined ? 0 : parseDuration(options.linger, "linger"),
  };
}
