import type { Transaction } from "../../core/transaction.ts";

/** How an application transaction is opened. */
export interface TransactOptions {
  /** PostgreSQL only; SQLite is always serializable. Default `"read committed"`. */
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  /** PostgreSQL: the longest the transaction may sit idle before the server ends it, so that a stopped process loses its locks. */
  readonly idleMs?: number;
}

/** Transactions for application code. */
export interface TransactStore {
  /**
   * Runs `fn` in a transaction from the application's connections; commits when it resolves, rolls back when it rejects.
   *
   * @throws what `fn` throws; `HoldfastError` `TRANSACTION_TOO_LONG` (SQLite, past `maxHold`), `TRANSACTION_RETRY`
   * (serialization failure or deadlock; nothing was written), `POOL_EXHAUSTED`, `STORAGE_*`. When COMMIT was sent and its answer lost:
   * `STORAGE_UNAVAILABLE` with `details.commit === "unknown"`.
   */
  transact<Value>(
    fn: (tx: Transaction) => Promise<Value>,
    options?: TransactOptions,
  ): Promise<Value>;
}
