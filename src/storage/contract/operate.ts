import type { NewOperation, Operation } from "../../core/operation.ts";

/** What one chunk of an operation did. */
export interface OperateAnswer {
  /** The operation. */
  readonly id: string;
  /** Jobs visited. */
  readonly jobs: number;
  /** The queues that got work, to wake. */
  readonly queues: readonly string[];
  /** Running jobs that were asked to stop, to be told. */
  readonly cancelling: readonly string[];
}

/**
 * Operations on many jobs. A chunk and its progress are one transaction, and the operation's row is locked meanwhile: so no two
 * processes work on one, and one that dies leaves nothing half done and nothing done twice. Jobs are visited in the order of their
 * ids, each once, up to the newest there was when the operation began.
 */
export interface OperateStore {
  /** Stores an operation with its audit entry; removes what finished longer ago than operations are kept. */
  startOperation(operation: NewOperation): Promise<Operation>;
  getOperation(id: string): Promise<Operation | undefined>;
  /** Newest first, ids below `after` when given. */
  listOperations(limit: number, after?: string): Promise<readonly Operation[]>;
  /** Ends a running operation, with an audit entry; waits for the chunk under way. */
  cancelOperation(
    id: string,
    by: string | null,
    now: number,
  ): Promise<"cancelled" | "finished" | "missing">;
  /**
   * Does the next chunk of the oldest operation that runs and nobody is at, of `limit` jobs at most; `undefined` when there is none.
   * While its jobs are not all counted, a chunk is to count some more. However rare jobs are that match, a chunk looks at no more
   * than some thousands. Who may pass a gate because of it is let in.
   */
  workOperation(limit: number, now: number): Promise<OperateAnswer | undefined>;
}
