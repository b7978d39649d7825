import { AsyncLocalStorage } from "node:async_hooks";
import { HoldfastError } from "../core/errors.ts";

/** What an enqueue without a `tx` does inside a transaction: `strict` refuses it, `ambient` makes it a part. */
export type TransactionMode = "strict" | "ambient";

/**
 * Knows whether the running code is inside a transaction, where a call without its `tx` would escape the transaction on one
 * database and wait for itself on the other.
 */
export interface TransactionGuard {
  /** Runs `fn` as the inside of `tx`. */
  inside<Value>(fn: () => Promise<Value>, tx: object): Promise<Value>;
  /** The transaction an enqueue without a `tx` of its own goes into; `undefined` outside of one, and in strict mode. */
  ambient(): object | undefined;
  /**
   * @throws {HoldfastError} `TRANSACTION_OPEN` when called inside a transaction.
   */
  refuseInside(call: string): void;
}

/** A guard of its own for each client. */
export function createTransactionGuard(mode: TransactionMode = "strict"): TransactionGuard {
  const inside = new AsyncLocalStorage<{ readonly tx: object; open: boolean }>();
  return {
    async inside(fn, tx) {
      // What fn leaves running (a timer, a pool it opened) keeps its context after the transaction is over.
      const transaction = { tx, open: true };
      try {
        return await inside.run(transaction, fn);
      } finally {
        transaction.open = false;
      }
    },
    ambient() {
      if (mode === "strict") return undefined;
      const transaction = inside.getStore();
      return transaction?.open === true ? transaction.tx : undefined;
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
