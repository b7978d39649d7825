import type { BatchHandler } from "../core/batch.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import { runsAlone } from "../core/group-batches.ts";
import type { Logger } from "../core/logger.ts";
import { createNap } from "../service/nap.ts";
import type { ClaimStore } from "../storage/contract/claim.ts";
import { createFloorKeeper } from "./claim-floors.ts";
import { monotonicNow } from "./vital-signs.ts";

/** What gathering takes. */
export interface GathererParts {
  readonly storage: ClaimStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: string;
  readonly onClaimed: () => void;
}

/** Claims the jobs of one batch. */
export interface BatchGatherer {
  /** Claims up to a batch from these queues; one that has begun to fill waits as long as it lingers for more. */
  gather(queues: readonly string[]): Promise<readonly ClaimedJob[]>;
  /** There may be more jobs: a batch that lingers looks now. */
  hurry(): void;
  /** Lingers no more. */
  stop(): void;
}

/** A gatherer for one handler. */
export function createBatchGatherer(
  { definition, plan }: BatchHandler<never>,
  { storage, clock, logger, owner, onClaimed }: GathererParts,
): BatchGatherer {
  const handlers = { [definition.name]: definition.version };
  const floors = createFloorKeeper();
  const nap = createNap();
  let stopped = false;

  async function claim(queues: readonly string[], limit: number): Promise<readonly ClaimedJob[]> {
    const began = monotonicNow();
    const from = floors.next(began);
    const answer = await storage.claimJobs({
      owner,
      handlers,
      limit,
      queues: queues.map((queue) => ({ queue, limit })),
      floors: from,
      now: clock.now(),
    });
    const { jobs } = answer;
    const now = monotonicNow();
    const swept = Object.keys(from).length === 0;
    floors.saw({ floors: answer.floors, jobs: jobs.length, swept }, now - began, now);
    if (jobs.length > 0) onClaimed();
    return jobs;
  }

  async function linger(queues: readonly string[], jobs: ClaimedJob[]): Promise<void> {
    const until = monotonicNow() + plan.lingerMs;
    for (;;) {
      const left = until - monotonicNow();
      const room = plan.size - jobs.filter((job) => !runsAlone(job)).length;
      if (stopped || left <= 0 || room <= 0) return;
      await nap.take(left);
      jobs.push(...(await claim(queues, room)));
    }
  }

  return {
    async gather(queues) {
      const jobs = [...(await claim(queues, plan.size))];
      if (plan.lingerMs === 0 || jobs.every(runsAlone)) return jobs;
      try {
        await linger(queues, jobs);
      } catch (error) {
        // What was claimed by then must not be forgotten.
        logger.warn({ error }, "a batch could not wait for more jobs; it goes with those it has");
      }
      return jobs;
    },
    hurry: () => nap.end(),
    stop() {
      stopped = true;
      nap.end();
    },
  };
}
