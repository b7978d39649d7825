import { setImmediate as nextTurn } from "node:timers/promises";

/** Longest stretch of database work before timers and sockets get their turn. */
const longestMs = 5;

/**
 * Makes a function to await before each piece of synchronous database work: a loop of awaited calls that never wait for
 * anything would otherwise keep the event loop from turning at all.
 */
export function createBreather(): () => Promise<void> {
  let since: number | undefined;
  return async () => {
    const now = performance.now();
    if (since === undefined) {
      since = now;
      setImmediate(() => {
        since = undefined;
      });
    } else if (now - since >= longestMs) {
      await nextTurn();
    }
  };
}
