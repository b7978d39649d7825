import { setTimeout as pause } from "node:timers/promises";

const deadlineMs = 30_000;
/** Most answers come soon; who waits longer need not take the processor from what is waited for. */
const soonMs = 500;

/**
 * Asks again and again until the answer is neither `undefined` nor false, and gives it; fails after half a minute
 * by naming what did not come about.
 */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
): Promise<Answer> {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    const waited = performance.now() - began;
    if (waited > deadlineMs) throw new Error(`It did not come about that ${what}.`);
    await pause(waited < soonMs ? 5 : 20);
  }
}

/** A promise and whether it is settled yet, for calls that are meant to wait. */
export interface Pending<Value> {
  readonly promise: Promise<Value>;
  isSettled(): boolean;
}

/** Starts a call and watches it; a rejection is kept for whoever awaits the promise. */
export function watch<Value>(promise: Promise<Value>): Pending<Value> {
  let settled = false;
  const note = () => {
    settled = true;
  };
  promise.then(note, note);
  return { promise, isSettled: () => settled };
}
