import { setTimeout as pause } from "node:timers/promises";

const deadlineMs = 10_000;

/**
 * Asks again and again until the answer is neither `undefined` nor false, and gives it; fails after ten seconds
 * by naming what did not come about.
 */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
): Promise<Answer> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`It did not come about that ${what}.`);
    await pause(5);
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
