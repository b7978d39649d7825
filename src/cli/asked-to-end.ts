import type { EndSignal, Terminal } from "./terminal.ts";

/** How long a request to end counts as one: a supervisor may send it to the group of processes and to each of them. */
const oneRequestMs = 1_000;

/** Resolves with the first request to end. The next one finds nobody listening, and kills the process as it would any other. */
export function askedToEnd({ onSignal }: Terminal): Promise<EndSignal> {
  return new Promise((resolve) => {
    const stop = onSignal((signal) => {
      setTimeout(stop, oneRequestMs).unref();
      resolve(signal);
    });
  });
}
