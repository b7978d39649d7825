import type { TransferRecord } from "../../core/transfer-record.ts";

/** The last numbers a database has drawn: those of another must begin above them. */
export interface DrawnNumbers {
  readonly lastId: string;
  readonly lastSeq: string;
}

/** Moving everything from one database to another. */
export interface TransferStore {
  /**
   * Hands out every job in its state, the keys, limits, queues and schedules, as they were at one moment. `take` is called with some at a time while
   * that moment is held, so it should not dally. Metrics, workers and permits stay behind: they are of this database.
   */
  exportRecords(take: (records: readonly TransferRecord[]) => void): Promise<DrawnNumbers>;
  /**
   * Stores what another database has handed out, all or nothing, with its ids and places in line; later ones are drawn above `drawn`.
   * The records have landed (`core/landing.ts`) and their columns are as described.
   *
   * @throws {HoldfastError} `DATABASE_NOT_EMPTY` when there are jobs or keys already, `STORAGE_*`.
   */
  importRecords(batches: Iterable<readonly TransferRecord[]>, drawn: DrawnNumbers): Promise<void>;
}
