import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { ClaimStore } from "../storage/contract/claim.ts";
import type { AttemptRunner } from "./attempt-runner.ts";
import type { Slots } from "./slots.ts";

/** What starting jobs takes. */
export interface StartParts {
  readonly slots: Slots;
  readonly storage: ClaimStore;
  readonly clock: Clock;
  readonly runner: AttemptRunner;
  readonly logger: Logger;
  /** Jobs were taken. */
  readonly onClaimed: () => void;
}

/** When to give jobs back instead of starting them, and whom to tell that all have begun. */
export interface StartOptions {
  readonly ending: AbortSignal;
  readonly onBegun: () => void;
}

/** Starts what claims bring, one claim's jobs at a time. */
export interface Starter {
  start(jobs: readonly ClaimedJob[]): void;
  /** True while jobs wait to begin. */
  busy(): boolean;
  /** True while one of them waits until nothing runs beside it. */
  stalled(): boolean;
  /** Resolves when none does. */
  begun(): Promise<void>;
}

/** A starter with nothing to start. */
export function createStarter(parts: StartParts, options: StartOptions): Starter {
  let starting: Promise<void> | undefined;
  let stalling = 0;
  return {
    start(jobs) {
      if (jobs.length === 0) return;
      parts.onClaimed();
      const crashed = jobs.some(({ crashes }) => crashes > 0) ? 1 : 0;
      stalling += crashed;
      // One claim's jobs at a time: one that must run alone waits for its neighbours, and none may join it.
      const mine: Promise<void> = (starting ?? Promise.resolve())
        .then(() => startJobs(jobs, parts, options))
        .finally(() => {
          stalling -= crashed;
          if (starting === mine) starting = undefined;
          options.onBegun();
        });
      starting = mine;
    },
    busy: () => starting !== undefined,
    stalled: () => stalling > 0,
    begun: async () => starting,
  };
}

/**
 * Starts jobs just claimed, each in a place of its own; resolves when all have begun. Those that come after the end of
 * claiming are given back: whoever waits for the jobs under way does not know them.
 */
async function startJobs(
  jobs: readonly ClaimedJob[],
  parts: StartParts,
  { ending }: Pick<StartOptions, "ending">,
): Promise<void> {
  // The jobs settled in the same turn leave their places first.
  await new Promise((resolve) => setImmediate(resolve));
  for (const job of jobs.filter(({ crashes }) => crashes === 0)) {
    while (parts.slots.full() && !ending.aborted) await parts.slots.freed();
    if (ending.aborted) await parts.runner.release(job);
    else void parts.runner.run(job);
  }
  for (const job of jobs) {
    if (job.crashes > 0) await runAlone(job, parts, ending);
  }
}

/** A job that crashed before runs with nothing beside it, so that a further crash is charged to it alone. */
async function runAlone(
  job: ClaimedJob,
  { slots, storage, clock, runner, logger }: StartParts,
  ending: AbortSignal,
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    ending.addEventListener("abort", () => resolve(), { once: true });
  });
  if (!ending.aborted) await Promise.race([slots.idle(), ended]);
  if (ending.aborted) return runner.release(job);
  try {
    const lost = await storage.startJobs([job.lease], clock.now());
    if (lost.length > 0) return;
  } catch (error) {
    logger.warn({ job: job.lease.id, error }, "could not mark the job as started; giving it back");
    return runner.release(job);
  }
  await runner.run({ ...job, started: true });
}
