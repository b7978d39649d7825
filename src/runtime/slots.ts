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

/** What is about to change: by the queues of jobs that leave their places, and of jobs claimed that have yet to begin. */
export interface Expected {
  readonly leaving?: readonly string[];
  readonly beginning?: readonly string[];
  /** What claims under way may bring. */
  readonly promised?: readonly Capacity[];
}

/** How many more jobs this process may claim, and which it runs. */
export interface Slots {
  /** The places to claim for, per queue and in all; queues take turns at coming first. */
  capacity(expected?: Expected): Capacity;
  /** Serves these queues from now on, each with so many places; jobs of others run to their end. */
  serve(queues: ReadonlyMap<string, number>): void;
  /** True when no place is free. */
  full(): boolean;
  take(occupant: Occupant): Slot;
  running(): readonly Slot[];
  /** Calls back whenever a place is freed. */
  onFreed(callback: () => void): void;
  /** Resolves when the next place is freed. */
  freed(): Promise<void>;
  /** Resolves when no job runs. */
  idle(): Promise<void>;
}

/** The places of one worker: a ceiling for the process, and one for each queue. */
export function createSlots(concurrency: number, queues: ReadonlyMap<string, number>): Slots {
  const lanes = createLanes(queues);
  const places = createPlaces(concurrency);
  let waiting: (() => void)[] = [];
  let tell = (): void => {};

  function leave(slot: Slot): void {
    if (!places.leave(slot)) return;
    lanes.count(slot.queue, -1);
    tell();
    if (waiting.length === 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  function freed(): Promise<void> {
    return new Promise((resolve) => waiting.push(resolve));
  }

  return {
    capacity(expected = {}) {
      const { leaving = [], beginning = [], promised = [] } = expected;
      const spoken = promised.reduce((sum, { limit }) => sum + limit, 0);
      const limit = concurrency - places.taken() + leaving.length - beginning.length - spoken;
      shift(lanes, expected, 1);
      const open = lanes.open();
      shift(lanes, expected, -1);
      return { limit, queues: open };
    },
    serve: lanes.serve,
    full: () => places.taken() >= concurrency,
    take(occupant) {
      const slot = new TakenSlot(occupant, places.next(), leave);
      places.take(slot);
      lanes.count(slot.queue, 1);
      return slot;
    },
    running: places.slots,
    onFreed(callback) {
      tell = callback;
    },
    freed,
    async idle() {
      while (places.taken() > 0) await freed();
    },
  };
}

/** Counts what is expected as if it had happened, or takes that back. */
function shift(
  lanes: ReturnType<typeof createLanes>,
  { leaving = [], beginning = [], promised = [] }: Expected,
  sign: 1 | -1,
): void {
  for (const queue of leaving) lanes.count(queue, -sign);
  for (const queue of beginning) lanes.count(queue, sign);
  for (const { queues } of promised) {
    for (const { queue, limit } of queues) lanes.count(queue, sign * limit);
  }
}

/** Who is in which place, by its number. */
function createPlaces(concurrency: number) {
  const places: (Slot | undefined)[] = [];
  const free = Array.from({ length: concurrency }, (_, index) => concurrency - 1 - index);
  let taken = 0;
  return {
    taken: () => taken,
    slots: () => places.filter((slot) => slot !== undefined),
    next: () => free.pop() ?? places.length,
    take(slot: Slot): void {
      places[slot.index] = slot;
      taken += 1;
    },
    /** False when the slot has left before. */
    leave(slot: Slot): boolean {
      if (places[slot.index] !== slot) return false;
      places[slot.index] = undefined;
      free.push(slot.index);
      taken -= 1;
      return true;
    },
  };
}

/** How many jobs of each queue run; queues take turns at coming first. */
function createLanes(queues: ReadonlyMap<string, number>) {
  const byName = new Map<string, { readonly queue: string; limit: number; taken: number }>();
  let lanes = [...byName.values()];
  let turn = 0;

  function serve(served: ReadonlyMap<string, number>): void {
    for (const lane of lanes) if (!served.has(lane.queue)) lane.limit = 0;
    for (const [queue, limit] of served) {
      const lane = byName.get(queue);
      if (lane === undefined) byName.set(queue, { queue, limit, taken: 0 });
      else lane.limit = limit;
    }
    // One whose jobs still run is remembered, so that its places are counted right should it come back.
    for (const lane of lanes) if (lane.limit === 0 && lane.taken === 0) byName.delete(lane.queue);
    lanes = [...byName.values()];
  }

  serve(queues);
  return {
    serve,
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
