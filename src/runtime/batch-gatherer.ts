import type { BatchHandler } from "../core/batch.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import { runsAlone } from "../core/group-batches.ts";
import type { Logger } from "../core/logger.ts";
import { createNap } from "../service/nap.ts";
import type { ClaimStore } from "../storage/contract/claim.ts";
import type { CappedQueues } from "./capped-queues.ts";
import { createFloorKeeper } from "./claim-floors.ts";
import { monotonicNow } from "./vital-signs.ts";

/** What gathering takes. */
export interface GathererParts {
  readonly storage: Pick<ClaimStore, "claimJobs">;
  /** The queues that are claimed from apart. */
  readonly capped: CappedQueues;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: string;
  readonly onClaimed: () => void;
}

/** Claims the jobs of one batch. */
export interface BatchGatherer {
  /** Claims up to a batch from these queues; one that has begun to fill waits as long as it lingers for more. */
  gather(queues: readonly string[]): Promise<readonly ClaimedJob[]>;
  /** True when the last look was not let take what there may be. */
  refused(): boolean;
  /** There may be more jobs: a batch that lingers looks now. */
  hurry(): void;
  /** Lingers no more. */
  stop(): void;
}

/** Claims one definition's jobs, and nothing else. */
interface Claim {
  take(queues: readonly string[], limit: number): Promise<readonly ClaimedJob[]>;
  refused(): boolean;
}

function createClaim(handler: BatchHandler<never>, parts: GathererParts): Claim {
  const { name, version } = handler.definition;
  const handlers = { [name]: version };
  const { capped, onClaimed } = parts;
  const takePlain = createPlainClaim(handlers, parts);
  const floors = createFloorKeeper();
  let refused = false;

  async function takeCapped(queue: string, limit: number): Promise<readonly ClaimedJob[]> {
    const { jobs, next } = await capped.claim({ queue, limit, handlers, floors });
    refused ||= next === "refused" || next === "busy";
    if (jobs.length > 0) onClaimed();
    return jobs;
  }

  return {
    refused: () => refused,
    async take(queues, limit) {
      refused = false;
      const plain = queues.filter((queue) => !capped.has(queue));
      const jobs = plain.length === 0 ? [] : [...(await takePlain(plain, limit))];
      for (const queue of queues.filter(capped.has)) {
        if (jobs.length < limit) jobs.push(...(await takeCapped(queue, limit - jobs.length)));
      }
      return jobs;
    },
  };
}

function createPlainClaim(
  handlers: Readonly<Record<string, number>>,
  { storage, clock, owner, onClaimed }: GathererParts,
): Claim["take"] {
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
      jobs.push(...(await claim.take(queues, room)));
    }
  }

  return {
    async gather(queues) {
      const jobs = [...(await claim.take(queues, plan.size))];
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
    refused: claim.refused,
    hurry: () => nap.end(),
    stop() {
      stopped = true;
      nap.end();
    },
  };
}
