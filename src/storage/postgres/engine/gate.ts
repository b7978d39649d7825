import { HoldfastError } from "../../../core/errors.ts";

/** The way in to something that can be closed. */
export interface Gate {
  /** Throws `CLIENT_CLOSED` once `close` was called. */
  assertOpen(): void;
  /** Runs a step, which `close` will wait for. */
  pass<Value>(step: () => Promise<Value>): Promise<Value>;
  /** Lets nobody in any more, waits for those inside, then runs `last`; idempotent. */
  close(last: () => Promise<void>): Promise<void>;
}

/** A gate that is open. */
export function createGate(): Gate {
  const inside = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  function assertOpen(): void {
    if (closing === undefined) return;
    throw new HoldfastError("CLIENT_CLOSED", "The PostgreSQL storage is closed. Open a new one.");
  }

  return {
    assertOpen,
    async pass(step) {
      assertOpen();
      const done = step();
      inside.add(done);
      try {
        return await done;
      } finally {
        inside.delete(done);
      }
    },
    close(last) {
      closing ??= Promise.allSettled(inside).then(last);
      return closing;
    },
  };
}
