/**
 * Jobs this process has put off to later, so that its own promoters need no poll to learn of them. Other processes' bookings
 * are found by polling.
 */
export interface Bookings {
  /** A job was stored that is due at this moment, in milliseconds since the epoch. */
  add(dueAt: number): void;
  /** Calls back on every booking; the returned function ends it. */
  listen(listener: (dueAt: number) => void): () => void;
}

/** Bookings nobody listens to yet. */
export function createBookings(): Bookings {
  const listeners = new Set<(dueAt: number) => void>();
  return {
    add(dueAt) {
      for (const listener of listeners) listener(dueAt);
    },
    listen(listener) {
      const own = (dueAt: number): void => listener(dueAt);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}
