import type { AbortReason } from "holdfast";

/** Resolves with the reason when the signal aborts, or at once when it has: on a busy machine a short timeout is over early. */
export function aborted(signal: AbortSignal): Promise<AbortReason> {
  return new Promise((resolve) => {
    const end = () => resolve(signal.reason as AbortReason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
