/** How many places each queue has and how many of them are taken; the queues served may change while jobs run. */
export interface QueuePlaces {
  /** Serves these queues from now on, each with so many places. */
  serve(queues: ReadonlyMap<string, number>): void;
  serves(queue: string): boolean;
  /** A place was taken. */
  enter(queue: string): void;
  /** A place that was taken is free again. */
  leave(queue: string): void;
  /** Counts places of a queue that is served as if they were taken, or takes that back. */
  suppose(queue: string, by: number): void;
  /** The queues that are served. */
  names(): readonly string[];
  /** How many places a queue has; 0 for one not served. */
  limit(queue: string): number;
  /** How many of its places are taken. */
  taken(queue: string): number;
  /** True for a queue that is served and has no place left. */
  full(queue: string): boolean;
  /** The queues with places left; they take turns at coming first. */
  open(): readonly { readonly queue: string; readonly limit: number }[];
}

interface QueueCount {
  readonly queue: string;
  /** 0 for a queue not served: its jobs still count, so that its places are right should it come back. */
  limit: number;
  taken: number;
}

/** The places of the queues served at first. */
export function createQueuePlaces(queues: ReadonlyMap<string, number>): QueuePlaces {
  const byName = new Map<string, QueueCount>();
  let served: readonly QueueCount[] = [];
  let turn = 0;

  function countOf(queue: string): QueueCount {
    const known = byName.get(queue);
    if (known !== undefined) return known;
    const count = { queue, limit: 0, taken: 0 };
    byName.set(queue, count);
    return count;
  }

  function serve(limits: ReadonlyMap<string, number>): void {
    for (const queue of limits.keys()) countOf(queue);
    for (const count of byName.values()) count.limit = limits.get(count.queue) ?? 0;
    const counts = [...byName.values()];
    for (const { queue, limit, taken } of counts) {
      if (limit === 0 && taken === 0) byName.delete(queue);
    }
    served = counts.filter(({ limit }) => limit > 0);
  }

  serve(queues);
  return {
    serve,
    serves: (queue) => (byName.get(queue)?.limit ?? 0) > 0,
    enter(queue) {
      countOf(queue).taken += 1;
    },
    leave(queue) {
      countOf(queue).taken -= 1;
    },
    suppose(queue, by) {
      const count = byName.get(queue);
      if (count !== undefined) count.taken += by;
    },
    names: () => served.map(({ queue }) => queue),
    limit: (queue) => byName.get(queue)?.limit ?? 0,
    taken: (queue) => byName.get(queue)?.taken ?? 0,
    full(queue) {
      const count = byName.get(queue);
      return count !== undefined && count.limit > 0 && count.taken >= count.limit;
    },
    open() {
      turn = (turn + 1) % Math.max(1, served.length);
      return placesLeft([...served.slice(turn), ...served.slice(0, turn)]);
    },
  };
}

function placesLeft(counts: readonly QueueCount[]) {
  return counts
    .map(({ queue, limit, taken }) => ({ queue, limit: limit - taken }))
    .filter(({ limit }) => limit > 0);
}
