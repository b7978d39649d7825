import { HoldfastError } from "../core/errors.ts";
import type { TransactionGuard } from "../service/transaction-guard.ts";

/** What every call of a client passes: nothing enters once it is closed, or inside a transaction without its `tx`. */
export interface Gate {
  /**
   * @throws {HoldfastError} `CLIENT_CLOSED`, `TRANSACTION_OPEN`.
   */
  check(call: string): void;
  /** Checks, then runs a call that `close` waits for. */
  pass<Value>(call: string, run: () => Promise<Value>): Promise<Value>;
  /** Runs a call that belongs to a transaction, also while the client closes around that transaction. */
  passInside<Value>(call: string, open: boolean, run: () => Promise<Value>): Promise<Value>;
  /** Lets nothing in any more; resolves when everything under way has ended. */
  close(): Promise<void>;
}

/** An open gate. */
export function createGate(guard: TransactionGuard): Gate {
  let underWay = 0;
  let closed = false;
  let ended: () => void = () => {};

  function refuseClosed(call: string): void {
    if (!closed) return;
    throw new HoldfastError(
      "CLIENT_CLOSED",
      `${call} was called after client.close(); create another client.`,
    );
  }

  function check(call: string): void {
    guard.refuseInside(call);
    refuseClosed(call);
  }

  // One promise of its own a call: every enqueue comes through here.
  async function enter<Value>(mayEnter: () => void, run: () => Promise<Value>): Promise<Value> {
    mayEnter();
    underWay += 1;
    try {
      return await run();
    } finally {
      underWay -= 1;
      if (underWay === 0) ended();
    }
  }

  return {
    check,
    pass: (call, run) => enter(() => check(call), run),
    passInside: (call, open, run) => enter(() => (open ? undefined : refuseClosed(call)), run),
    close() {
      closed = true;
      return new Promise((resolve) => {
        ended = resolve;
        if (underWay === 0) resolve();
      });
    },
  };
}
