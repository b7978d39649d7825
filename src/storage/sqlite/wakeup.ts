import type { WakeupListener, WakeupStore } from "../contract/wakeup.ts";
import type { Connection } from "./connection.ts";
import { createWakeMarker, type WakeMarker } from "./engine/wake-marker.ts";

/** Wakeups, and a way to stop listening when the storage closes. */
export interface SqliteWakeupStore extends WakeupStore {
  stopListening(): void;
}

/**
 * Hints to other parts of this process directly, to other processes by a marker file beside the database.
 * The marker says only that something changed: an empty list means any queue, or any job.
 */
export function createWakeupStore(connection: Connection): SqliteWakeupStore {
  const marker = connection.file === undefined ? undefined : createWakeMarker(connection.file);
  const listeners = new Set<WakeupListener>();
  let unwatch: (() => void) | undefined;

  function stopListening(): void {
    listeners.clear();
    unwatch?.();
    unwatch = undefined;
  }
  return {
    stopListening,
    async wake(queues, dueAt) {
      if (dueAt !== undefined) tell(listeners, (listener) => listener.onDue?.(dueAt));
      if (queues.length === 0) return;
      tell(listeners, (listener) => listener.onWork(queues));
      marker?.touch();
    },
    async wakeCancelled(ids) {
      tell(listeners, (listener) => listener.onCancel(ids));
      marker?.touch();
    },
    async wakeOrders() {
      tell(listeners, (listener) => listener.onOrders?.());
      marker?.touch();
    },
    async listen(listener) {
      connection.assertOpen();
      const own = { ...listener };
      listeners.add(own);
      unwatch ??= watchForAll(marker, listeners);
      return {
        // A watched file may miss a change; looking at the database costs a read that blocks nobody.
        waitFor: async () => false,
        async stop() {
          listeners.delete(own);
          if (listeners.size === 0) stopListening();
        },
      };
    },
  };
}

/** Nearly every change is of jobs: orders are read no oftener than this because of one. */
const betweenOrdersMs = 250;

function watchForAll(
  marker: WakeMarker | undefined,
  listeners: ReadonlySet<WakeupListener>,
): (() => void) | undefined {
  let ordersToldAt = Number.NEGATIVE_INFINITY;
  let later: NodeJS.Timeout | undefined;
  function tellOrders(): void {
    later = undefined;
    ordersToldAt = performance.now();
    tell(listeners, (listener) => listener.onOrders?.());
  }
  const stop = marker?.watch(() => {
    tell(listeners, (listener) => {
      listener.onWork([]);
      listener.onCancel([]);
    });
    if (later !== undefined) return;
    const restMs = ordersToldAt + betweenOrdersMs - performance.now();
    if (restMs <= 0) tellOrders();
    // Whatever changed meanwhile may have been an order.
    else later = setTimeout(tellOrders, restMs).unref();
  });
  if (stop === undefined) return undefined;
  return () => {
    clearTimeout(later);
    stop();
  };
}

/** A hint never fails the write it follows: what a listener throws is its own affair. */
function tell(
  listeners: ReadonlySet<WakeupListener>,
  hint: (listener: WakeupListener) => void,
): void {
  for (const listener of listeners) {
    try {
      hint(listener);
    } catch {
      // Losing a hint costs latency, never a job.
    }
  }
}
