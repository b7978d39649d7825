import type { Clock } from "../core/clock.ts";
import type { ClaimAnswer, ClaimRequest } from "../storage/contract/claim.ts";
import { createFloorKeeper } from "./claim-floors.ts";
import type { ClaimPace } from "./claim-pace.ts";
import { type Slots, vacated } from "./slots.ts";
import { monotonicNow } from "./vital-signs.ts";

/** The claims of one worker: one for all free places, and one beside it for places that are about to be. */
export interface Claims {
  /**
   * Makes the next request: for every place that is free once jobs of these queues have left, or, while another request is
   * under way or its jobs have yet to begin, for those places alone. None while no place is, or two are under way.
   */
  begin(options?: {
    readonly leaving?: readonly string[];
    readonly beginning?: boolean;
  }): ClaimRequest | undefined;
  end(request: ClaimRequest, answer: ClaimAnswer | undefined): void;
  /** Resolves when none is under way. */
  ended(): Promise<void>;
}

/** What every request of a worker says, and where its answers go. */
export interface ClaimsParts {
  readonly slots: Slots;
  readonly pace: ClaimPace;
  readonly owner: string;
  readonly clock: Clock;
  /** Handler name to the newest payload version it understands. */
  readonly handlers: Readonly<Record<string, number>>;
}

/** Two keep the server busy while this process runs what the other has brought. */
const most = 2;

/** No claim yet. */
export function createClaims({ owner, clock, handlers, slots, pace }: ClaimsParts): Claims {
  const floors = createFloorKeeper();
  const underWay = new Map<ClaimRequest, number>();
  let waiting: (() => void)[] = [];
  return {
    begin({ leaving = [], beginning = false } = {}) {
      if (underWay.size >= most) return undefined;
      const beside = beginning || underWay.size > 0;
      const capacity = beside ? vacated(leaving) : slots.capacity(leaving);
      if (capacity.limit <= 0 || capacity.queues.length === 0) return undefined;
      pace.looking();
      const since = monotonicNow();
      const at = { floors: floors.next(since), now: clock.now() };
      const request = { ...capacity, owner, handlers, ...at };
      underWay.set(request, since);
      return request;
    },
    end(request, answer) {
      const since = underWay.get(request);
      if (since === undefined) return;
      underWay.delete(request);
      const now = monotonicNow();
      const swept = Object.keys(request.floors).length === 0;
      if (answer !== undefined) {
        const seen = { floors: answer.floors, jobs: answer.jobs.length, swept };
        floors.saw(seen, now - since, now);
      }
      pace.found(answer?.jobs.length, request.limit);
      if (underWay.size > 0) return;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    ended: () =>
      underWay.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
}
