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

/** How many more jobs this process may claim, and which it runs. */
export interface Slots {
  /**
   * Free places per queue and in all, counting those of the jobs named as free; queues take turns at coming first.
   */
  capacity(leaving?: readonly string[]): {
    readonly limit: number;
    readonly queues: readonly { readonly queue: string; readonly limit: number }[];
  };
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
  const names = [...queues.keys()];
  const taken = new Map<number, Slot>();
  const perQueue = new Map<string, number>();
  const byJob = new Map<string, Slot>();
  const freeIndexes = Array.from({ length: concurrency }, (_, index) => concurrency - 1 - index);
  let turn = 0;
  let waiting: (() => void)[] = [];

  function leave(slot: Slot): void {
    if (taken.get(slot.index) !== slot) return;
    taken.delete(slot.index);
    freeIndexes.push(slot.index);
    perQueue.set(slot.queue, (perQueue.get(slot.queue) ?? 1) - 1);
    if (byJob.get(slot.lease.id) === slot) byJob.delete(slot.lease.id);
    if (waiting.length === 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  function vacated(leaving: readonly string[]) {
    const left = new Map<string, number>();
    let places = 0;
    for (const id of leaving) {
      const queue = byJob.get(id)?.queue;
      if (queue === undefined) continue;
      left.set(queue, (left.get(queue) ?? 0) + 1);
      places += 1;
    }
    return { places, left };
  }

  function freed(): Promise<void> {
    return new Promise((resolve) => waiting.push(resolve));
  }

  return {
    capacity(leaving = []) {
      const { places, left } = vacated(leaving);
      turn = (turn + 1) % Math.max(1, names.length);
      const inTurn = [...names.slice(turn), ...names.slice(0, turn)];
      const open = inTurn.map((queue) => ({
        queue,
        limit: (queues.get(queue) ?? 0) - (perQueue.get(queue) ?? 0) + (left.get(queue) ?? 0),
      }));
      return {
        limit: concurrency - taken.size + places,
        queues: open.filter(({ limit }) => limit > 0),
      };
    },
    full: () => taken.size >= concurrency,
    take(occupant) {
      const index = freeIndexes.pop() ?? taken.size;
      const slot: Slot = { ...occupant, index, free: () => leave(slot) };
      taken.set(index, slot);
      byJob.set(slot.lease.id, slot);
      perQueue.set(slot.queue, (perQueue.get(slot.queue) ?? 0) + 1);
      return slot;
    },
    running: () => [...taken.values()],
    freed,
    async idle() {
      while (taken.size > 0) await freed();
    },
  };
}
