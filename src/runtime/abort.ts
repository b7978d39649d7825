import { type ErrorCode, HoldfastError } from "../core/errors.ts";
import type { AbortReason } from "../core/job-context.ts";

const codes: Readonly<Record<AbortReason["kind"], ErrorCode>> = {
  cancel: "JOB_CANCELLED",
  timeout: "TIMED_OUT",
  shutdown: "SHUTDOWN",
  "lease-lost": "LEASE_LOST",
};

/** The reason on a handler's signal: an error with a code, so that whatever it cancels rejects with something readable. */
export class AbortError extends HoldfastError implements AbortReason {
  readonly kind: AbortReason["kind"];
  readonly by?: string;

  constructor(reason: AbortReason) {
    super(codes[reason.kind], reason.message);
    this.kind = reason.kind;
    if (reason.by !== undefined) this.by = reason.by;
  }
}

/** A latched abort: the first reason stays. */
export interface Abort {
  readonly signal: AbortSignal;
  readonly reason: AbortError | undefined;
  /** Aborts the signal; false when it already was. */
  abort(reason: AbortReason): boolean;
  /** Calls back once when it aborts, at once when it already has; the last to ask is the one called. */
  onAbort(callback: () => void): void;
}

/** An abort that has not happened. */
export function createAbort(): Abort {
  return new LatchedAbort();
}

/** A class, because one is made for every attempt: its signal costs nothing until a handler looks at it. */
class LatchedAbort implements Abort {
  #controller: AbortController | undefined;
  #reason: AbortError | undefined;
  #callback: (() => void) | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get reason(): AbortError | undefined {
    return this.#reason;
  }

  abort(given: AbortReason): boolean {
    if (this.#reason !== undefined) return false;
    this.#reason = new AbortError(given);
    this.#controller?.abort(this.#reason);
    this.#callback?.();
    return true;
  }

  onAbort(callback: () => void): void {
    this.#callback = callback;
    if (this.#reason !== undefined) callback();
  }
}
