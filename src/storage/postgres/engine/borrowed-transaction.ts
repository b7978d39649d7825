import { HoldfastError } from "../../../core/errors.ts";
import type { Transaction } from "../../../core/transaction.ts";
import type { TransactOptions } from "../../contract/transact.ts";
import { isConflict, isUnreachable, messageOf, transactionRetry } from "../sql-errors.ts";
import type { CallerTransactions } from "./caller-transaction.ts";

/**
 * Runs `fn` in a transaction that a library of the application's begins and commits.
 *
 * @throws what `fn` and the library throw; `TRANSACTION_RETRY` for a conflict; `STORAGE_UNAVAILABLE` with
 * `details.commit === "unknown"` when the connection was lost in COMMIT; `STORAGE_FAILED` when a failed statement inside was
 * swallowed.
 */
export async function inBorrowed<Value>(
  callers: CallerTransactions,
  open: NonNullable<TransactOptions["open"]>,
  fn: (tx: Transaction) => Promise<Value>,
  options: TransactOptions,
): Promise<Value> {
  let isDone = false;
  try {
    return await open(async (tx) => {
      await callers.inside(tx, async (query) => {
        for (const setting of settingsOf(options)) await query(setting);
      });
      const value = await fn(tx as Transaction);
      // A library hears nothing of a COMMIT that PostgreSQL answers with ROLLBACK; a statement is refused before it.
      await callers.inside(tx, (query) => query("SELECT 1"));
      isDone = true;
      return value;
    });
  } catch (error) {
    if (isConflict(error)) throw transactionRetry(error);
    throw isDone && isUnreachable(error) ? unknownCommit(error) : error;
  }
}

function settingsOf({ isolation, idleMs }: TransactOptions): readonly string[] {
  const settings: string[] = [];
  if (isolation !== undefined) {
    settings.push(`SET TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`);
  }
  if (idleMs !== undefined) {
    settings.push(`SET LOCAL idle_in_transaction_session_timeout = ${Math.ceil(idleMs)}`);
  }
  return settings;
}

function unknownCommit(cause: unknown): HoldfastError {
  return new HoldfastError(
    "STORAGE_UNAVAILABLE",
    `The connection was lost in COMMIT: the transaction may or may not have been carried out. (${messageOf(cause)})`,
    { cause, details: { commit: "unknown" } },
  );
}
