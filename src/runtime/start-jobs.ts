import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { ClaimStore } from "../storage/contract/claim.ts";
import type { AttemptRunner } from "./attempt-runner.ts";
import type { Slots } from "./slots.ts";

/** What starting jobs takes. */
export interface StartParts {
  readonly slots: Slots;
  readonly storage: Pick<ClaimStore, "startJobs">;
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
  /** The queues of the jobs that wait to begin. */
  beginning(): readonly string[];
  /** True while one of them waits until nothing runs beside it. */
  stalled(): boolean;
  /** Resolves when none does. */
  begun(): Promise<void>;
}

/** A starter with nothing to start. */
export function createStarter(parts: StartParts, options: StartOptions): Starter {
  const waiting = new Set<readonly ClaimedJob[]>();
  let before: Promise<void> = Promise.resolve();
  return {
    start(jobs) {
      if (jobs.length === 0) return;
      parts.onClaimed();
      // Nobody waits behind a job that must run alone, but others of its kind.
      const stalled = someCrashed(waiting);
      const kept = stalled ? jobs.filter(hasCrashed) : jobs;
      const returned = stalled ? jobs.filter((job) => !hasCrashed(job)) : [];
      const released = Promise.all(returned.map((job) => parts.runner.release(job)));
      waiting.add(kept);
      // One claim's jobs at a time: one that must run alone waits for its neighbours, and none may join it.
      before = Promise.all([before, released])
        .then(() => startJobs(kept, parts, options))
        .finally(() => {
          waiting.delete(kept);
          options.onBegun();
        });
    },
    beginning: () => Array.from(waiting).flatMap((jobs) => jobs.map(({ queue }) => queue)),
    stalled: () => someCrashed(waiting),
    begun: () => before,
  };
}

const hasCrashed = ({ crashes }: ClaimedJob): boolean => crashes > 0;

const someCrashed = (waiting: ReadonlySet<readonly ClaimedJob[]>): boolean =>
  Array.from(waiting).some((jobs) => jobs.some(hasCrashed));

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
  const released: Promise<void>[] = [];
  for (const job of jobs) {
    if (hasCrashed(job)) continue;
    while (parts.slots.full() && !ending.aborted) await parts.slots.freed();
    if (ending.aborted) released.push(parts.runner.release(job));
    else void parts.runner.run(job);
  }
  await Promise.all(released);
  for (const job of jobs) {
    if (hasCrashed(job)) await runAlone(job, parts, ending);
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
