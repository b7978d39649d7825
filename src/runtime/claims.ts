import type { Clock } from "../core/clock.ts";
import type { ClaimAnswer, ClaimRequest } from "../storage/contract/claim.ts";
import { createFloorKeeper } from "./claim-floors.ts";
import type { ClaimPace } from "./claim-pace.ts";
import type { CappedQueues } from "./capped-queues.ts";
import type { Capacity, Expected, Slots, WantedPlace } from "./slots.ts";
import { monotonicNow } from "./vital-signs.ts";

/** The claims of one worker: two at most are under way, and no place is asked for twice. */
export interface Claims {
  /**
   * Makes the next request: for the places that are free once jobs of these queues have left, but those that another request
   * may fill or that jobs yet to begin will take. None while no place is, or two requests are under way.
   */
  begin(expected?: {
    readonly leaving?: readonly string[];
    readonly beginning?: readonly string[];
  }): ClaimRequest | undefined;
  end(request: ClaimRequest, answer: ClaimAnswer | undefined): void;
  /**
   * Keeps the free places of one queue for a claim of its own; none when there are none. `wanted` is the place that was asked to be
   * left free for it.
   */
  reserve(
    queue: string,
    beginning: readonly string[],
    wanted?: WantedPlace,
  ): { readonly limit: number; free(): void } | undefined;
  /** The places that those under way may fill. */
  promised(): readonly Capacity[];
  /** Resolves when none is under way. */
  ended(): Promise<void>;
}

/** What every request of a worker says, and where its answers go. */
export interface ClaimsParts {
  readonly slots: Slots;
  readonly pace: ClaimPace;
  readonly owner: string;
  readonly clock: Clock;
  /** Handler name to the newest payload version it understands, as it is now. */
  readonly handlers: () => Readonly<Record<string, number>>;
  /** The queues that are claimed from apart. */
  readonly capped: Pick<CappedQueues, "has">;
}

/** Two keep the server busy while this process runs what the other has brought. */
const most = 2;

interface UnderWay {
  readonly since: number;
  /** It asked for all there was to ask for, so what it found says whether there is work. */
  readonly alone: boolean;
  /** The places it may fill beyond those its own jobs leave. */
  readonly promised: Capacity;
}

/** No claim yet. */
export function createClaims(parts: ClaimsParts): Claims {
  const { owner, clock, handlers, slots, pace } = parts;
  const floors = createFloorKeeper();
  const underWay = new Map<ClaimRequest, UnderWay>();
  const reserved = createReservations(slots, promises);
  let waiting: (() => void)[] = [];

  function tell({ since, alone }: UnderWay, request: ClaimRequest, answer: ClaimAnswer): void {
    const now = monotonicNow();
    const swept = alone && Object.keys(request.floors).length === 0;
    const seen = { floors: answer.floors, jobs: answer.jobs.length, swept };
    floors.saw(seen, now - since, now);
  }

  function promises(): readonly Capacity[] {
    return [...Array.from(underWay.values(), (other) => other.promised), ...reserved.kept()];
  }

  return {
    promised: promises,
    begin({ leaving = [], beginning = [] } = {}) {
      const versions = handlers();
      if (underWay.size >= most || Object.keys(versions).length === 0) return undefined;
      const capacity = plainCapacity(parts, { leaving, beginning, promised: promises() });
      if (capacity.limit <= 0 || capacity.queues.length === 0) return undefined;
      const alone = underWay.size === 0;
      if (alone) pace.looking();
      const since = monotonicNow();
      const at = { floors: alone ? floors.next(since) : floors.known(), now: clock.now() };
      const request = { ...capacity, owner, handlers: versions, ...at };
      underWay.set(request, { since, alone, promised: promisedBy(capacity, leaving) });
      return request;
    },
    reserve: reserved.reserve,
    end(request, answer) {
      const known = underWay.get(request);
      if (known === undefined) return;
      underWay.delete(request);
      if (answer !== undefined) tell(known, request, answer);
      if (known.alone) pace.found(answer?.jobs.length, request.limit);
      else pace.foundMore(answer?.jobs.length ?? 0, request.limit);
      if (underWay.size > 0) return;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    ended: () =>
      underWay.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
}

/** The places kept for claims of single queues. */
function createReservations(
  slots: Slots,
  promises: () => readonly Capacity[],
): Pick<Claims, "reserve"> & { kept(): Iterable<Capacity> } {
  const reserved = new Set<Capacity>();
  return {
    kept: () => reserved,
    reserve(queue, beginning, wanted) {
      const expected = { beginning, promised: promises() };
      const room = wanted === undefined ? slots.capacity(expected) : wanted.room(expected);
      const open = room.queues.find((each) => each.queue === queue)?.limit ?? 0;
      const limit = Math.min(room.limit, open);
      if (limit <= 0) return undefined;
      const kept = { limit, queues: [{ queue, limit }] };
      reserved.add(kept);
      return { limit, free: () => void reserved.delete(kept) };
    },
  };
}

/** The places but those of queues that are claimed from apart. */
function plainCapacity({ slots, capped }: ClaimsParts, expected: Expected): Capacity {
  const { limit, queues } = slots.capacity(expected);
  return { limit, queues: queues.filter(({ queue }) => !capped.has(queue)) };
}

function promisedBy({ limit, queues }: Capacity, leaving: readonly string[]): Capacity {
  const left = new Map<string, number>();
  for (const queue of leaving) left.set(queue, (left.get(queue) ?? 0) + 1);
  return {
    limit: Math.max(0, limit - leaving.length),
    queues: queues.map((each) => ({
      queue: each.queue,
      limit: Math.max(0, each.limit - (left.get(each.queue) ?? 0)),
    })),
  };
}
