import { HoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { exitCodeOfSignal } from "./exit-codes.ts";

/** The wish from outside that a service stop. */
export interface Interruption {
  /** Aborts at the first SIGTERM or SIGINT. Its reason is a `HoldfastError` `SHUTDOWN` that names it. */
  readonly signal: AbortSignal;
  /** Listens no longer: the platform ends the process at the next signal. */
  end(): void;
}

/** What listening needs. */
export interface InterruptionParts {
  readonly logger: Logger;
  /** How long the service may take to stop. */
  readonly drainMs: number;
  /** Sends what has to be sent when that is over; the process ends when its promise resolves. */
  lastWill(): Promise<unknown>;
}

const signals = ["SIGTERM", "SIGINT"] as const;

/** Listens to the signals that ask a process to stop. A second one ends it at once, and so does a service that takes too long. */
export function listenForSignals({ logger, drainMs, lastWill }: InterruptionParts): Interruption {
  const stopping = new AbortController();
  let overdue: NodeJS.Timeout | undefined;

  function hear(signal: NodeJS.Signals): void {
    const code = exitCodeOfSignal(signal);
    if (stopping.signal.aborted) process.exit(code);
    logger.info({ signal, drainMs }, "job stopping");
    overdue = setTimeout(() => void giveUp(code), drainMs);
    overdue.unref();
    stopping.abort(
      new HoldfastError("SHUTDOWN", `${signal} arrived: the service is to stop.`, {
        details: { signal },
      }),
    );
  }

  async function giveUp(code: number): Promise<void> {
    logger.error({ drainMs }, "job did not stop in time; its process ends");
    await lastWill();
    process.exit(code);
  }

  for (const signal of signals) process.on(signal, hear);
  return {
    signal: stopping.signal,
    end() {
      clearTimeout(overdue);
      for (const signal of signals) process.off(signal, hear);
    },
  };
}

/** No wish from outside is heard. */
export function deafInterruption(): Interruption {
  return { signal: new AbortController().signal, end: () => {} };
}
