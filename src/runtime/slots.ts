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
  /** Free places per queue and in all; queues take turns at coming first. */
  capacity(): {
    readonly limit: number;
    readonly queues: readonly { readonly queue: string; readonly limit: number }[];
  };
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
  const freeIndexes = Array.from({ length: concurrency }, (_, index) => concurrency - 1 - index);
  let turn = 0;
  let waiting: (() => void)[] = [];

  function leave(slot: Slot): void {
    if (taken.get(slot.index) !== slot) return;
    taken.delete(slot.index);
    freeIndexes.push(slot.index);
    perQueue.set(slot.queue, (perQueue.get(slot.queue) ?? 1) - 1);
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  function freed(): Promise<void> {
    return new Promise((resolve) => waiting.push(resolve));
  }

  return {
    capacity() {
      turn = (turn + 1) % Math.max(1, names.length);
      const inTurn = [...names.slice(turn), ...names.slice(0, turn)];
      const open = inTurn.map((queue) => ({
        queue,
        limit: (queues.get(queue) ?? 0) - (perQueue.get(queue) ?? 0),
      }));
      return { limit: concurrency - taken.size, queues: open.filter(({ limit }) => limit > 0) };
    },
    take(occupant) {
      const index = freeIndexes.pop() ?? taken.size;
      const slot: Slot = { ...occupant, index, free: () => leave(slot) };
      taken.set(index, slot);
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
