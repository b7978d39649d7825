import { type ErrorCode, isHoldfastError } from "../core/errors.ts";

/** How the process of a service ends when an error leaves it; the numbers are a promise to whoever watches it. */
export const serviceExitCodes: {
  readonly IDENTITY_UNREACHABLE: 69;
  readonly STATE_UNREACHABLE: 74;
  readonly IDENTITY_REFUSED: 77;
  readonly IDENTITY_NOT_CONFIGURED: 78;
  readonly STATE_NOT_CONFIGURED: 78;
  readonly STORAGE_INVALID: 78;
} = {
  IDENTITY_UNREACHABLE: 69,
  STATE_UNREACHABLE: 74,
  IDENTITY_REFUSED: 77,
  IDENTITY_NOT_CONFIGURED: 78,
  STATE_NOT_CONFIGURED: 78,
  STORAGE_INVALID: 78,
} as const satisfies Readonly<Partial<Record<ErrorCode, number>>>;

/** What a shell calls a process that a signal ended. */
const signalCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Any other error. */
const failure = 1;

/** The code of a process that ends at this signal. */
export function exitCodeOfSignal(signal: string): number {
  return signalCodes[signal] ?? failure;
}

/** The code for an error, which may be wrapped in others: what stopped the work stands at the bottom. */
export function exitCodeOf(error: unknown, depth = 8): number {
  if (!(error instanceof Error)) return failure;
  if (isHoldfastError(error)) {
    const { signal } = error.details;
    if (error.code === "SHUTDOWN" && typeof signal === "string") return exitCodeOfSignal(signal);
    const codes: Readonly<Record<string, number>> = serviceExitCodes;
    const own = codes[error.code];
    if (own !== undefined) return own;
  }
  return depth === 0 ? failure : exitCodeOf(error.cause, depth - 1);
}

let watching = false;

/**
 * Gives the process the exit code of an error that nobody catches; node itself knows only 1. The error is shown as ever, and one
 * that is caught changes nothing.
 */
export function watchUncaughtErrors(): void {
  if (watching) return;
  watching = true;
  process.on("uncaughtExceptionMonitor", (error) => {
    process.once("exit", () => {
      process.exitCode = exitCodeOf(error);
    });
  });
}
