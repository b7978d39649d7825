import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { type Periodic, startPeriodic } from "../service/periodic.ts";
import type { ClaimAnswer, ClaimRequest, ClaimStore } from "../storage/contract/claim.ts";
import type { AttemptRunner } from "./attempt-runner.ts";
import { createFloorKeeper } from "./claim-floors.ts";
import type { IdleMark } from "./idle-mark.ts";
import { startJobs } from "./start-jobs.ts";
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
  readonly idleMark: IdleMark;
  /** Jobs were taken. */
  readonly onClaimed: () => void;
}

/** Claims jobs by itself, and together with settlements that give places back. */
export interface Claimer extends Periodic {
  /**
   * What to claim in one go with the settlements of these jobs, whose places are free by then; `undefined` when there is
   * no reason to. Whoever got a claim says how it ended by `landed`.
   */
  joinTurn(leaving: readonly string[]): ClaimRequest | undefined;
  /** Takes the answer of a claim that `joinTurn` gave; none when it failed. */
  landed(request: ClaimRequest, answer: ClaimAnswer | undefined): void;
}

const firstPollMs = 25;
/** While hints can be relied on, looks for work are rarer by this factor. */
const relaxation = 15;
/** After so many claims in a row that found jobs, hints would only repeat what the next look shows. */
const manyInARow = 10;
/** After a claim that was not filled: long enough for jobs to gather, or for a turn to bring the next claim along. */
const gatherMs = 2;

/**
 * Claims as many jobs as there are free places, and looks again while there are more, when a wakeup arrives, and at
 * growing pauses up to the poll floor. One claim is under way at a time.
 */
export function startClaimer(parts: ClaimerParts): Claimer {
  const { slots, storage } = parts;
  const claims = createClaims(parts);
  const ending = new AbortController();
  /** There may be jobs to take: nothing has shown since that there are none. */
  let hungry = true;
  let lookAt = Number.NEGATIVE_INFINITY;
  let pollMs = 0;
  let inARow = 0;
  let starting: Promise<void> | undefined;

  function busy(): boolean {
    return starting !== undefined || claims.underWay();
  }

  async function look(): Promise<number> {
    const rest = lookAt - monotonicNow();
    if (rest > 0) return rest;
    const capacity = slots.capacity();
    // Whatever keeps this from claiming now wakes this chore when it is over.
    if (busy() || capacity.limit === 0 || capacity.queues.length === 0) return parts.pollMs;
    hungry = false;
    const request = claims.begin(capacity);
    try {
      ended(request, await storage.claimJobs(request));
    } catch (error) {
      ended(request, undefined);
      throw error;
    }
    return Math.max(0, lookAt - monotonicNow());
  }

  function ended(request: ClaimRequest, answer: ClaimAnswer | undefined): void {
    claims.end(request, answer);
    const jobs = answer?.jobs ?? [];
    if (answer === undefined || jobs.length > 0) hungry = true;
    const filled = jobs.length >= request.limit;
    if (answer !== undefined) noteIdleness(jobs.length, filled);
    const longest = parts.idleMark.relied() ? parts.pollMs * relaxation : parts.pollMs;
    pollMs = hungry ? 0 : Math.min(Math.max(pollMs * 2, firstPollMs), longest);
    lookAt = monotonicNow() + (jobs.length > 0 && !filled ? gatherMs : pollMs);
    if (jobs.length === 0) return;
    parts.onClaimed();
    const options = { ending: ending.signal, onEnd: jobEnded };
    starting = startJobs(jobs, parts, options).finally(() => {
      starting = undefined;
      periodic.wake();
    });
  }

  function noteIdleness(jobs: number, filled: boolean): void {
    inARow = jobs === 0 ? 0 : inARow + 1;
    if (filled || inARow >= manyInARow) parts.idleMark.drop();
    // What came before the mark was there had nobody to tell: one more look.
    else if (jobs === 0) parts.idleMark.take(wake);
  }

  function wake(): void {
    hungry = true;
    lookAt = Number.NEGATIVE_INFINITY;
    pollMs = 0;
    periodic.wake();
  }

  function jobEnded(): void {
    if (hungry) periodic.wake();
  }

  const periodic = startPeriodic({ name: "claim", logger: parts.logger, run: look });
  return {
    wake,
    async stop() {
      ending.abort();
      await periodic.stop();
      await claims.ended();
      await starting;
    },
    joinTurn(leaving) {
      if (!hungry || ending.signal.aborted || claims.underWay() || starting !== undefined)
        return undefined;
      const capacity = slots.capacity(leaving);
      if (capacity.limit === 0 || capacity.queues.length === 0) return undefined;
      hungry = false;
      return claims.begin(capacity);
    },
    landed(request, answer) {
      ended(request, answer);
      periodic.wake();
    },
  };
}

type Capacity = Pick<ClaimRequest, "limit" | "queues">;

/** The claims of one worker, one at a time. */
interface Claims {
  underWay(): boolean;
  begin(capacity: Capacity): ClaimRequest;
  end(request: ClaimRequest, answer: ClaimAnswer | undefined): void;
  /** Resolves when none is under way. */
  ended(): Promise<void>;
}

function createClaims({ owner, clock, handlers }: ClaimerParts): Claims {
  const floors = createFloorKeeper();
  let current: { readonly request: ClaimRequest; readonly since: number } | undefined;
  let waiting: (() => void)[] = [];
  return {
    underWay: () => current !== undefined,
    begin(capacity) {
      const since = monotonicNow();
      const request = {
        ...capacity,
        owner,
        handlers,
        floors: floors.next(since),
        now: clock.now(),
      };
      current = { request, since };
      return request;
    },
    end(request, answer) {
      if (current?.request !== request) return;
      const now = monotonicNow();
      const swept = Object.keys(request.floors).length === 0;
      if (answer !== undefined) {
        const seen = { floors: answer.floors, jobs: answer.jobs.length, swept };
        floors.saw(seen, now - current.since, now);
      }
      current = undefined;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    ended: () =>
      current === undefined ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
}
