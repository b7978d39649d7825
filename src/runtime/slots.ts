import type { Lease } from "../core/claimed-job.ts";
import type { Abort } from "./abort.ts";
import type { EndingLatch } from "./ending-latch.ts";
import { createQueuePlaces, type QueuePlaces } from "./queue-places.ts";

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

/** A place in this process that a batch takes, whatever the number of its jobs. */
export interface BatchSlot {
  readonly index: number;
  /** Gives the place back; idempotent. */
  free(): void;
}

/**
 * A place wanted for a batch, or for a job of a queue that is claimed from apart, in all and in its queue: claims leave it free from
 * now on, so that it comes even when others keep the worker busy. Who asked first comes first.
 */
export interface WantedPlace {
  readonly queue: string;
  /** The room there is for it, other batches that asked before and what is expected taken into account. */
  room(expected: Expected): Capacity;
  /** Wants it no more; idempotent. */
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
  /** True when this process has places for a queue. */
  serves(queue: string): boolean;
  /** True when no place is free. */
  full(): boolean;
  take(occupant: Occupant): Slot;
  /** Takes one place of a queue for all of these jobs. */
  takeBatch(queue: string, jobs: readonly Occupant[]): BatchSlot;
  /** Wants a place for a job or a batch of this queue. */
  want(queue: string): WantedPlace;
  /** The queues that are served. */
  queues(): readonly string[];
  /** How many places a queue has. */
  placesOf(queue: string): number;
  /** How many of them are taken. */
  taken(queue: string): number;
  /** Every job that runs, those of batches one by one. */
  running(): readonly Occupant[];
  /** Calls back whenever a place is freed. */
  onFreed(callback: () => void): void;
  /** Resolves when the next place is freed. */
  freed(): Promise<void>;
  /** Resolves when no job runs. */
  idle(): Promise<void>;
}

/** The places of one worker: a ceiling for the process, and one for each queue. */
export function createSlots(concurrency: number, queues: ReadonlyMap<string, number>): Slots {
  const byQueue = createQueuePlaces(queues);
  const places = createPlaces(concurrency);
  const room = createRoom(concurrency, byQueue, places);
  let waiting: (() => void)[] = [];
  let tell = (): void => {};

  function leave(slot: Taken): void {
    if (!places.leave(slot)) return;
    byQueue.leave(slot.queue);
    tell();
    if (waiting.length === 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  function freed(): Promise<void> {
    return new Promise((resolve) => waiting.push(resolve));
  }

  function take<Place extends Taken>(slot: Place): Place {
    places.take(slot);
    byQueue.enter(slot.queue);
    return slot;
  }

  return {
    capacity: (expected = {}) => room.capacity(expected),
    serve: byQueue.serve,
    serves: byQueue.serves,
    full: () => places.taken() >= concurrency,
    take: (occupant) => take(new TakenSlot(occupant, places.next(), leave)),
    takeBatch: (queue, jobs) => take(new TakenByBatch(queue, jobs, places.next(), leave)),
    want: (queue) => room.want(queue, () => tell()),
    queues: byQueue.names,
    placesOf: byQueue.limit,
    taken: byQueue.taken,
    running: places.occupants,
    onFreed(callback) {
      tell = callback;
    },
    freed,
    async idle() {
      while (places.taken() > 0) await freed();
    },
  };
}

/** How much room there is, beside the places that batches want. */
function createRoom(
  concurrency: number,
  byQueue: QueuePlaces,
  places: ReturnType<typeof createPlaces>,
) {
  let wanted: readonly WantedPlace[] = [];

  function capacity(expected: Expected, kept = wanted): Capacity {
    const { leaving = [], beginning = [], promised = [] } = expected;
    // A batch whose queue is full cannot use a place now.
    const waiting = kept.length === 0 ? 0 : kept.filter(({ queue }) => !byQueue.full(queue)).length;
    const spoken = promised.reduce((sum, { limit }) => sum + limit, waiting);
    const limit = concurrency - places.taken() + leaving.length - beginning.length - spoken;
    shift(byQueue, expected, 1);
    for (const { queue } of kept) byQueue.suppose(queue, 1);
    const open = byQueue.open();
    for (const { queue } of kept) byQueue.suppose(queue, -1);
    shift(byQueue, expected, -1);
    return { limit, queues: open };
  }

  return {
    capacity: (expected: Expected) => capacity(expected),
    want(queue: string, tell: () => void): WantedPlace {
      const place: WantedPlace = {
        queue,
        room: (expected) => capacity(expected, wanted.slice(0, wanted.indexOf(place))),
        free() {
          wanted = wanted.filter((other) => other !== place);
          tell();
        },
      };
      wanted = [...wanted, place];
      return place;
    },
  };
}

/** Counts what is expected as if it had happened, or takes that back. */
function shift(
  byQueue: QueuePlaces,
  { leaving = [], beginning = [], promised = [] }: Expected,
  sign: 1 | -1,
): void {
  for (const queue of leaving) byQueue.suppose(queue, -sign);
  for (const queue of beginning) byQueue.suppose(queue, sign);
  for (const { queues } of promised) {
    for (const { queue, limit } of queues) byQueue.suppose(queue, sign * limit);
  }
}

/** A place that is taken, by one job or by a batch. */
type Taken = TakenSlot | TakenByBatch;

/** Who is in which place, by its number. */
function createPlaces(concurrency: number) {
  const places: (Taken | undefined)[] = [];
  const free = Array.from({ length: concurrency }, (_, index) => concurrency - 1 - index);
  let taken = 0;
  return {
    taken: () => taken,
    occupants: (): readonly Occupant[] =>
      places.flatMap((slot) => (slot instanceof TakenByBatch ? slot.jobs : (slot ?? []))),
    next: () => free.pop() ?? places.length,
    take(slot: Taken): void {
      places[slot.index] = slot;
      taken += 1;
    },
    /** False when the slot has left before. */
    leave(slot: Taken): boolean {
      if (places[slot.index] !== slot) return false;
      places[slot.index] = undefined;
      free.push(slot.index);
      taken -= 1;
      return true;
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
  readonly #leave: (slot: Taken) => void;

  constructor(
    { lease, queue, abort, ending }: Occupant,
    index: number,
    leave: (slot: Taken) => void,
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

class TakenByBatch implements BatchSlot {
  readonly queue: string;
  readonly jobs: readonly Occupant[];
  readonly index: number;
  readonly #leave: (slot: Taken) => void;

  constructor(
    queue: string,
    jobs: readonly Occupant[],
    index: number,
    leave: (slot: Taken) => void,
  ) {
    this.queue = queue;
    this.jobs = jobs;
    this.index = index;
    this.#leave = leave;
  }

  free(): void {
    this.#leave(this);
  }
}
