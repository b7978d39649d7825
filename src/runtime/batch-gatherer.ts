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

type Claim = (queues: readonly string[], limit: number) => Promise<readonly ClaimedJob[]>;

/** Claims one definition's jobs, and nothing else. */
function createClaim(
  { definition }: BatchHandler<never>,
  { storage, clock, owner, onClaimed }: GathererParts,
): Claim {
  const handlers = { [definition.name]: definition.version };
  const keeper = createFloorKeeper();
  return async (queues, limit) => {
    const began = monotonicNow();
    const floors = keeper.next(began);
    const each = queues.map((queue) => ({ queue, limit }));
    const request = { owner, handlers, limit, queues: each, floors, now: clock.now() };
    const answer = await storage.claimJobs(request);
    const now = monotonicNow();
    const swept = Object.keys(floors).length === 0;
    const jobs = answer.jobs.length;
    keeper.saw({ floors: answer.floors, jobs, swept }, now - began, now);
    if (jobs > 0) onClaimed();
    return answer.jobs;
  };
}

/** A gatherer for one handler. */
export function createBatchGatherer(
  handler: BatchHandler<never>,
  parts: GathererParts,
): BatchGatherer {
  const { plan } = handler;
  const claim = createClaim(handler, parts);
  const nap = createNap();
  let stopped = false;

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
        parts.logger.warn(
          { error },
          "a batch could not wait for more jobs; it goes with those it has",
        );
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
