import type { Transaction } from "../../core/transaction.ts";
import type { TransactOptions, TransactStore } from "../contract/transact.ts";
import { runUndoable } from "../shared/undoable.ts";
import type { Connection } from "./connection.ts";
import type { CallerTransactions } from "./engine/caller-transaction.ts";
import type { PgPoolClient } from "./engine/pg-shapes.ts";
import { inBorrowed } from "./engine/borrowed-transaction.ts";
import { inTransaction } from "./engine/transaction.ts";
import { isConflict, transactionRetry } from "./sql-errors.ts";

/** The transactions of application code that are open now. */
export interface Transactions {
  readonly transact: TransactStore["transact"];
  /** True for a `tx` handed out here whose function still runs. */
  isOpen(tx: object): boolean;
}

/** Opens transactions on the application's own connections; the `tx` handed out is the `pg` client itself. */
export function createTransactions(connection: Connection): Transactions {
  const open = new WeakSet<object>();

  function transact<Value>(
    fn: (tx: Transaction) => Promise<Value>,
    options: TransactOptions = {},
  ): Promise<Value> {
    return connection.lend(async (session) => {
      open.add(session.client);
      try {
        const tx = asTransaction(session.client);
        return await inTransaction(session, beginning(options), () => fn(tx));
      } catch (error) {
        throw isConflict(error) ? transactionRetry(error) : error;
      } finally {
        open.delete(session.client);
      }
    });
  }

  return { transact, isOpen: (tx) => open.has(tx) };
}

/**
 * Transactions, and parts of them that can be undone; the statements of a part's function go between these, so each is a call of
 * its own.
 */
export function createTransactStore(
  transactions: Transactions,
  callers: CallerTransactions,
): TransactStore {
  return {
    transact: (fn, options = {}) =>
      options.open === undefined
        ? transactions.transact(fn, options)
        : inBorrowed(callers, options.open, fn, options),
    savepoint: (tx, fn) =>
      runUndoable(fn, {
        begin: () => callers.inside(tx, (query) => query("SAVEPOINT holdfast_part")),
        keep: () => callers.inside(tx, (query) => query("RELEASE SAVEPOINT holdfast_part")),
        undo: () =>
          callers.inside(tx, async (query) => {
            await query("ROLLBACK TO SAVEPOINT holdfast_part");
            await query("RELEASE SAVEPOINT holdfast_part");
          }),
        isConflict,
      }),
  };
}

/** `pg`'s declaration lists its callbacks too; only the part of `Transaction` is promised. */
function asTransaction(client: PgPoolClient): Transaction {
  return client as unknown as Transaction;
}

function beginning({ isolation = "read committed", idleMs }: TransactOptions): string {
  const begin = `BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}`;
  if (idleMs === undefined) return begin;
  return `${begin}; SET LOCAL idle_in_transaction_session_timeout = ${Math.ceil(idleMs)}`;
}
