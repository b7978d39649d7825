import { hasMethods } from "./shape.ts";
import { kindOf } from "../../core/check-options.ts";
import { HoldfastError } from "../../core/errors.ts";
import type { Transaction, TransactionOpener } from "../../core/transaction.ts";
import { beneath } from "./beneath.ts";

/** Begins a transaction in which the function runs, given what is beneath it. */
export type OpenBeneath = <Value>(run: (tx: object) => Promise<Value>) => Promise<Value>;

/** A way to run a function in a transaction that somebody else may open. */
export interface Lent {
  /** For the storage; `undefined` when it is to open the transaction itself. */
  readonly open: OpenBeneath | undefined;
  /** Calls the function with what it expects: the library's own object, or the storage's transaction. */
  run<Tx, Value>(fn: (tx: Tx) => Promise<Value>, tx: Transaction): Promise<Value>;
}

/**
 * Lends the transactions of an application's library to a storage; without one, the storage's own.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for what opens no transactions.
 */
export function lend(using: TransactionOpener<object> | undefined): Lent {
  if (using === undefined) return { open: undefined, run: async (fn, tx) => fn(tx as never) };
  if (!hasMethods(using, "open")) throw noOpener(using);
  let own: object | undefined;
  return {
    open: (run) =>
      using.open(async (tx) => {
        own = tx;
        return run(await beneath(tx));
      }),
    async run(fn) {
      const tx = own as object;
      const value = await fn(tx as never);
      await using.flush?.(tx);
      return value;
    },
  };
}

function noOpener(using: unknown): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `using takes what opens your library's transactions, such as kysely(db) of holdfast/orm; got ${kindOf(using)}.`,
  );
}
