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
  /** Resolves when it aborts. */
  readonly aborted: Promise<AbortError>;
}

/** An abort that has not happened. */
export function createAbort(): Abort {
  const controller = new AbortController();
  let reason: AbortError | undefined;
  let resolve: (reason: AbortError) => void = () => {};
  const aborted = new Promise<AbortError>((done) => {
    resolve = done;
  });
  return {
    signal: controller.signal,
    aborted,
    get reason() {
      return reason;
    },
    abort(given) {
      if (reason !== undefined) return false;
      reason = new AbortError(given);
      resolve(reason);
      controller.abort(reason);
      return true;
    },
  };
}
