import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Clock } from "../core/clock.ts";
import { fairShares, noRoomSeen, type RoomSeen, seeRoom } from "../core/fair-share.ts";
import type { Orders, QueueOrder } from "../core/orders.ts";
import type { CappedAnswer, ClaimStore } from "../storage/contract/claim.ts";
import type { FloorKeeper } from "./claim-floors.ts";
import { monotonicNow } from "./vital-signs.ts";

/** What to take of one queue that has a `maxRunning`. */
export interface CappedClaim {
  readonly queue: string;
  readonly limit: number;
  /** Handler name to the newest payload version it understands. */
  readonly handlers: Readonly<Record<string, number>>;
  /** The floors of whoever claims these handlers' jobs. */
  readonly floors: FloorKeeper;
}

/** What was taken, and what to make of it. */
export interface CappedCatch {
  readonly jobs: readonly ClaimedJob[];
  /** `more` may be there; `none` are; `refused`: this worker may not take more now; `busy`: somebody else was claiming. */
  readonly next: "more" | "none" | "refused" | "busy";
}

/** The queues that have a `maxRunning`, and this worker's part of each. */
export interface CappedQueues {
  has(queue: string): boolean;
  /** True when one of the queues ordered is shared with other workers. */
  shared(): boolean;
  follow(orders: Pick<Orders, "queues" | "servers">): void;
  claim(wanted: CappedClaim): Promise<CappedCatch>;
}

/** Who claims, and how. */
export interface CappedQueuesParts {
  readonly storage: Pick<ClaimStore, "claimCapped">;
  readonly clock: Clock;
  readonly owner: string;
}

interface CappedQueue {
  readonly part: number;
  readonly servers: number;
  seen: RoomSeen;
}

/** No worker runs more. */
const everything = 1_000_000;

/**
 * Claims no more than this worker's fair part of a queue while others may want theirs. Room that stays left over for a second is for
 * whoever asks, for a second at a time: the others cannot use their parts, and are asked again that way.
 */
export function createCappedQueues({ storage, clock, owner }: CappedQueuesParts): CappedQueues {
  let byQueue: ReadonlyMap<string, CappedQueue> = new Map();

  return {
    has: (queue) => byQueue.has(queue),
    shared: () => [...byQueue.values()].some(({ servers }) => servers > 1),
    follow(orders) {
      byQueue = new Map(
        orders.queues.flatMap((order) => {
          if (order.maxRunning === null) return [];
          const seen = byQueue.get(order.queue)?.seen ?? noRoomSeen;
          return [[order.queue, { ...partOf(order, orders, owner), seen }]];
        }),
      );
    },
    async claim({ queue, limit, handlers, floors }) {
      const known = byQueue.get(queue);
      if (known === undefined) return { jobs: [], next: "none" };
      const began = monotonicNow();
      const part = began < known.seen.freeUntil ? everything : known.part;
      const from = floors.next(began);
      const asked = { owner, queue, limit, part, floors: from, handlers, now: clock.now() };
      const answer = await storage.claimCapped(asked);
      const now = monotonicNow();
      const swept = Object.keys(from).length === 0 && !answer.busy;
      floors.saw({ floors: answer.floors, jobs: answer.jobs.length, swept }, now - began, now);
      const next = nextOf(answer, limit, part);
      // Room says nothing while there is nothing to run in it.
      if (next !== "busy") {
        known.seen = seeRoom(known.seen, next === "refused" ? answer.room : 0, now);
      }
      return { jobs: answer.jobs, next };
    },
  };
}

type Servers = Pick<Orders, "servers">;

/** An ordered concurrency holds for every worker. */
function partOf(order: QueueOrder, { servers }: Servers, owner: string) {
  const { queue, concurrency, maxRunning } = order;
  const total = maxRunning ?? 0;
  const places = new Map([[owner, concurrency ?? total]]);
  for (const server of servers) {
    if (server.queue !== queue) continue;
    // One that does not say is of older code, which takes nothing from such a queue.
    if (server.slots !== null) places.set(server.worker, concurrency ?? server.slots);
  }
  const shares = fairShares(
    total,
    Array.from(places, ([id, most]) => ({ id, most })),
  );
  return { part: shares.get(owner) ?? 0, servers: places.size };
}

function nextOf(answer: CappedAnswer, limit: number, part: number): CappedCatch["next"] {
  const taken = answer.jobs.length;
  if (answer.busy) return taken > 0 ? "more" : "busy";
  const allowed = Math.min(limit, answer.room + taken, part - answer.own + taken);
  if (taken < allowed) return "none";
  return taken === limit ? "more" : "refused";
}
