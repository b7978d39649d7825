import type { QueueSettings } from "./queue.ts";

/** What a running worker is to know of one queue's settings. */
export interface QueueOrder extends Pick<QueueSettings, "concurrency" | "maxRunning" | "backoff"> {
  readonly queue: string;
}

/** A live worker that serves a queue which has a `maxRunning`. */
export interface QueueServer {
  readonly queue: string;
  readonly worker: string;
  /** How many of its jobs the worker runs at once; `null` from workers of older code. */
  readonly slots: number | null;
}

/** What operators have ordered, as a running worker reads it. */
export interface Orders {
  /** An operator wants this worker to drain and stop: who, when that was said. `null` when nobody does. */
  readonly drain: { readonly by: string | null } | null;
  /** The queues that have settings which bear on running workers. */
  readonly queues: readonly QueueOrder[];
  /** Who serves those with a `maxRunning`; workers that drain are left out. */
  readonly servers: readonly QueueServer[];
  /** The names of all queues, when they were asked for. */
  readonly names: readonly string[];
}

/** Nothing was ordered. */
export const noOrders: Orders = { drain: null, queues: [], servers: [], names: [] };

/** How many places a worker gives each of its queues: what was ordered, else its own numbers. */
export function orderedPlaces(
  own: ReadonlyMap<string, number>,
  { queues }: Pick<Orders, "queues">,
): ReadonlyMap<string, number> {
  const places = new Map(own);
  for (const { queue, concurrency } of queues) {
    if (concurrency !== null && own.has(queue)) places.set(queue, concurrency);
  }
  return places;
}
