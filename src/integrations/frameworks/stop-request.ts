/** What may ask a process to stop. */
export interface StopRequest {
  /** By what: a signal's name, or "abort". Resolves with the first request; the next signal kills the process as it would any other. */
  readonly asked: Promise<string>;
  /** Listens no longer. */
  end(): void;
}

const signals = ["SIGTERM", "SIGINT"] as const;

/** How long a request counts as one: a supervisor may send it to the group of processes and to each of them. */
const oneRequestMs = 1_000;

/** Listens for SIGTERM, SIGINT and the application's own wish. */
export function listenForStop(own: AbortSignal | undefined): StopRequest {
  let resolve: (by: string) => void = () => {};
  const asked = new Promise<string>((settle) => (resolve = settle));
  let patience: NodeJS.Timeout | undefined;
  const abort = () => resolve("abort");
  const end = () => {
    clearTimeout(patience);
    own?.removeEventListener("abort", abort);
    for (const signal of signals) process.off(signal, hear);
  };
  function hear(signal: NodeJS.Signals): void {
    patience ??= setTimeout(end, oneRequestMs).unref();
    resolve(signal);
  }
  for (const signal of signals) process.on(signal, hear);
  own?.addEventListener("abort", abort);
  if (own?.aborted === true) abort();
  return { asked, end };
}
