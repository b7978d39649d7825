import type { Clock } from "../core/clock.ts";
import type { ClaimAnswer, ClaimRequest } from "../storage/contract/claim.ts";
import { createFloorKeeper } from "./claim-floors.ts";
import type { ClaimPace } from "./claim-pace.ts";
import type { Slots } from "./slots.ts";
import { monotonicNow } from "./vital-signs.ts";

/** The claims of one worker, one at a time. */
export interface Claims {
  /**
   * Makes the next request, for the places that are free once these jobs have left; none while no place is, or until the
   * last request has ended.
   */
  begin(leaving?: readonly string[]): ClaimRequest | undefined;
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

/** No claim yet. */
export function createClaims({ owner, clock, handlers, slots, pace }: ClaimsParts): Claims {
  const floors = createFloorKeeper();
  let current: { readonly request: ClaimRequest; readonly since: number } | undefined;
  let waiting: (() => void)[] = [];
  return {
    begin(leaving) {
      if (current !== undefined) return undefined;
      const capacity = slots.capacity(leaving);
      if (capacity.limit <= 0 || capacity.queues.length === 0) return undefined;
      pace.looking();
      const since = monotonicNow();
      const at = { floors: floors.next(since), now: clock.now() };
      const request = { ...capacity, owner, handlers, ...at };
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
      pace.found(answer?.jobs.length, request.limit);
      current = undefined;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    ended: () =>
      current === undefined ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
}
