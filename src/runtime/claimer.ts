import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { type Periodic, startPeriodic } from "../service/periodic.ts";
import type { ClaimFloors, ClaimRequest, ClaimStore } from "../storage/contract/claim.ts";
import type { AttemptRunner } from "./attempt-runner.ts";
import type { Slots } from "./slots.ts";
import { monotonicNow } from "./vital-signs.ts";

/** What the claimer works with. */
export interface ClaimerParts {
  readonly owner: string;
  readonly storage: ClaimStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly slots: Slots;
  /** Handler name to the newest payload version it understands. */
  readonly handlers: Readonly<Record<string, number>>;
  readonly runner: AttemptRunner;
  readonly pollMs: number;
}

const firstPollMs = 25;
const sweepEveryMs = 1_000;

/**
 * Claims as many jobs as there are free slots, and looks again at once while there are more, when a job ends, when a
 * wakeup arrives, and at growing pauses up to the poll floor.
 */
export function startClaimer(parts: ClaimerParts): Periodic {
  const claim = createSweepingClaim(parts);
  let pollMs = firstPollMs;
  const ending = new AbortController();

  async function look(): Promise<number> {
    const { limit, queues } = parts.slots.capacity();
    // A job that ends wakes this chore.
    if (limit === 0 || queues.length === 0) return parts.pollMs;
    const jobs = await claim({ limit, queues });
    // Whoever waits for the jobs under way at a stop does not know these.
    if (ending.signal.aborted) await Promise.all(jobs.map((job) => parts.runner.release(job)));
    else await begin(jobs);
    pollMs = jobs.length > 0 ? 0 : Math.min(Math.max(pollMs * 2, firstPollMs), parts.pollMs);
    return pollMs;
  }

  async function begin(jobs: readonly ClaimedJob[]): Promise<void> {
    for (const job of jobs) {
      if (job.crashes === 0) void parts.runner.run(job).then(() => periodic.wake());
    }
    for (const job of jobs) {
      if (job.crashes > 0) await runAlone(job, parts, ending.signal);
    }
  }

  const periodic = startPeriodic({ name: "claim", logger: parts.logger, run: look });
  return {
    wake() {
      pollMs = 0;
      periodic.wake();
    },
    async stop() {
      ending.abort();
      await periodic.stop();
    },
  };
}

/** A job that crashed before runs with nothing beside it, so that a further crash is charged to it alone. */
async function runAlone(
  job: ClaimedJob,
  { slots, storage, clock, runner, logger }: ClaimerParts,
  ending: AbortSignal,
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    ending.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([slots.idle(), ended]);
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

type Capacity = Pick<ClaimRequest, "limit" | "queues">;

/** Claims from where the last claim began, and once a second from the start, where late commits and returned jobs lie. */
function createSweepingClaim(
  parts: ClaimerParts,
): (capacity: Capacity) => Promise<readonly ClaimedJob[]> {
  const { owner, storage, clock, handlers } = parts;
  let floors: ClaimFloors = {};
  let sweptAt = Number.NEGATIVE_INFINITY;
  return async (capacity) => {
    const sweep = monotonicNow() - sweptAt >= sweepEveryMs;
    if (sweep) sweptAt = monotonicNow();
    const answer = await storage.claimJobs({
      ...capacity,
      owner,
      handlers,
      floors: sweep ? {} : floors,
      now: clock.now(),
    });
    floors = merge(floors, answer.floors);
    return answer.jobs;
  };
}

/** The lowest floor known for each queue and priority that was just seen. */
function merge(known: ClaimFloors, seen: ClaimFloors): ClaimFloors {
  const merged: Record<string, Readonly<Record<number, number>>> = { ...known };
  for (const [queue, priorities] of Object.entries(seen)) {
    merged[queue] = { ...merged[queue], ...priorities };
  }
  return merged;
}
