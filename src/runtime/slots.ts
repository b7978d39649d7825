import type { Lease } from "../core/claimed-job.ts";
import type { Abort } from "./abort.ts";
import type { EndingLatch } from "./ending-latch.ts";

/** A job that takes a place. */
export interface Occupant {
  readonly lease: Lease;
  readonly queue: string;
  readonly abort: Abort;
  readonly ending: Pick<EndingLatch, "written">;
}

/** A place in this process that a running job takes. */
export interface Slot extends Occupant {
  /** From 0 to the worker's concurrency - 1. */
  readonly index: number;
  /** Gives the place back; idempotent. */
  free(): void;
}

/** Places, in all and by queue. */
export interface Capacity {
  readonly limit: number;
  readonly queues: readonly { readonly queue: string; readonly limit: number }[];
}

/** How many more jobs this process may claim, and which it runs. */
export interface Slots {
  /**
   * Free places per queue and in all, counting those of the jobs named as free; queues take turns at coming first.
   */
  capacity(leaving?: readonly string[]): Capacity;
  /** The places of the jobs named, and no others. */
  vacated(leaving?: readonly string[]): Capacity;
  /** True when no place is free. */
  full(): boolean;
  take(occupant: Occupant): Slot;
  running(): readonly Slot[];
  /** Resolves when the next place is freed. */
  freed(): Promise<void>;
  /** Resolves when no job runs. */
  idle(): Promise<void>;
}

/** The places of one worker: a ceiling for the process, and one for each queue. */
export function createSlots(concurrency: number, queues: ReadonlyMap<string, number>): Slots {
  const lanes = createLanes(queues);
  const taken = new Set<Slot>();
  const byJob = new Map<string, Slot>();
  const freeIndexes = Array.from({ length: concurrency }, (_, index) => concurrency - 1 - index);
  let waiting: (() => void)[] = [];

  function leave(slot: Slot): void {
    if (!taken.delete(slot)) return;
    const { id } = slot.lease;
    if (byJob.get(id) === slot) byJob.delete(id);
    freeIndexes.push(slot.index);
    lanes.count(slot.queue, -1);
    if (waiting.length === 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  function freed(): Promise<void> {
    return new Promise((resolve) => waiting.push(resolve));
  }

  return {
    capacity(leaving = []) {
      const left = leaving.map((id) => byJob.get(id)).filter((slot) => slot !== undefined);
      for (const { queue } of left) lanes.count(queue, -1);
      const open = lanes.open();
      for (const { queue } of left) lanes.count(queue, 1);
      return { limit: concurrency - taken.size + left.length, queues: open };
    },
    vacated(leaving = []) {
      const places = new Map<string, number>();
      let limit = 0;
      for (const id of leaving) {
        const queue = byJob.get(id)?.queue;
        if (queue === undefined) continue;
        places.set(queue, (places.get(queue) ?? 0) + 1);
        limit += 1;
      }
      return { limit, queues: [...places].map(([queue, free]) => ({ queue, limit: free })) };
    },
    full: () => taken.size >= concurrency,
    take(occupant) {
      const slot = new TakenSlot(occupant, freeIndexes.pop() ?? taken.size, leave);
      taken.add(slot);
      byJob.set(slot.lease.id, slot);
      lanes.count(slot.queue, 1);
      return slot;
    },
    running: () => [...taken],
    freed,
    async idle() {
      while (taken.size > 0) await freed();
    },
  };
}

/** How many jobs of each queue run; queues take turns at coming first. */
function createLanes(queues: ReadonlyMap<string, number>) {
  const lanes = [...queues].map(([queue, limit]) => ({ queue, limit, taken: 0 }));
  const byName = new Map(lanes.map((lane) => [lane.queue, lane]));
  let turn = 0;
  return {
    count(queue: string, by: number): void {
      const lane = byName.get(queue);
      if (lane !== undefined) lane.taken += by;
    },
    open() {
      turn = (turn + 1) % Math.max(1, lanes.length);
      return [...lanes.slice(turn), ...lanes.slice(0, turn)]
        .map((lane) => ({ queue: lane.queue, limit: lane.limit - lane.taken }))
        .filter(({ limit }) => limit > 0);
    },
  };
}

/** A class, because one is made for every job. */
class TakenSlot implements Slot {
  readonly lease: Lease;
  readonly queue: string;
  readonly abort: Abort;
  readonly ending: Occupant["ending"];
  readonly index: number;
  readonly #leave: (slot: Slot) => void;

  constructor(
    { lease, queue, abort, ending }: Occupant,
    index: number,
    leave: (slot: Slot) => void,
  ) {
    this.lease = lease;
    this.queue = queue;
    this.abort = abort;
    this.ending = ending;
    this.index = index;
    this.#leave = leave;
  }

  free(): void {
    this.#leave(this);
  }
}
