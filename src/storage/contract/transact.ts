import type { Transaction } from "../../core/transaction.ts";

/** How an application transaction is opened. */
export interface TransactOptions {
  /** PostgreSQL only; SQLite is always serializable. Default `"read committed"`. */
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  /** PostgreSQL: the longest the transaction may sit idle before the server ends it, so that a stopped process loses its locks. */
  readonly idleMs?: number;
  /**
   * Opens the transaction in place of the storage, by a library of the application's: begins, runs the function with what the storage
   * takes as `tx`, commits when it resolves and rolls back when it rejects. How long SQLite's writer is held is then its own affair.
   */
  readonly open?: (<Value>(run: (tx: object) => Promise<Value>) => Promise<Value>) | undefined;
}

/** What became of a part of a transaction. */
export type SavepointAnswer<Value> =
  | { readonly kept: true; readonly value: Value }
  /** Its function threw, and what it wrote is undone. `conflict`: a deadlock or serialization failure, so nobody's fault. */
  | { readonly kept: false; readonly thrown: unknown; readonly conflict: boolean };

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
  /**
   * Runs `fn` as a part of an open transaction that can be undone by itself: what it writes stays when it resolves, and is rolled
   * back alone when it rejects, on PostgreSQL also when a statement in it failed unheard. Parts may be nested, but not beside
   * each other.
   *
   * @throws {HoldfastError} when the part itself cannot be begun or undone, so that the whole transaction is lost:
   * `STORAGE_*`, `TRANSACTION_TOO_LONG`, `INVALID_OPTION` for a `tx` that is not one.
   */
  savepoint<Value>(tx: object, fn: () => Promise<Value>): Promise<SavepointAnswer<Value>>;
}
