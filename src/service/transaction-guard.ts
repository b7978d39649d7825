import { AsyncLocalStorage } from "node:async_hooks";
import { HoldfastError } from "../core/errors.ts";

/**
 * Knows whether the running code is inside `transaction(fn)`, where a call without its `tx` would escape the
 * transaction on one database and wait for itself on the other.
 */
export interface TransactionGuard {
  /** Runs `fn` as the inside of a transaction. */
  inside<Value>(fn: () => Promise<Value>): Promise<Value>;
  /**
   * @throws {HoldfastError} `TRANSACTION_OPEN` when called inside a transaction.
   */
  refuseInside(call: string): void;
}

/** A guard of its own for each client. */
export function createTransactionGuard(): TransactionGuard {
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  return {
    async inside(fn) {
      // What fn leaves running (a timer, a pool it opened) keeps its context after the transaction is over.
      const transaction = { open: true };
      try {
        return await inside.run(transaction, fn);
      } finally {
        transaction.open = false;
      }
    },
    refuseInside(call) {
      if (inside.getStore()?.open !== true) return;
      throw new HoldfastError(
        "TRANSACTION_OPEN",
        `${call} was called inside a transaction without its tx. Pass { tx } to enqueue; make every other call before or after the transaction.`,
      );
    },
  };
}
