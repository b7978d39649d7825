import type { EnqueueReceipt } from "../../core/enqueue-options.ts";
import { HoldfastError, isHoldfastError } from "../../core/errors.ts";
import type { NewJob } from "../../core/new-job.ts";
import type { EnqueueStore } from "../contract/enqueue.ts";
import type { Connection } from "./connection.ts";
import type { CallerTransactions } from "./engine/caller-transaction.ts";
import { chunkSize, createInsertJobs, type InsertJobs } from "./engine/insert-jobs.ts";
import { resolveUnique } from "./engine/resolve-unique.ts";
import { withSavepoint } from "./engine/savepoint.ts";
import type { Query } from "./engine/session.ts";
import { isUnknownOutcome } from "./sql-errors.ts";

type Work = (query: Query) => Promise<readonly EnqueueReceipt[]>;

const conflictTries = 3;

/** Puts jobs in. */
export function createEnqueueStore(
  connection: Connection,
  callers: CallerTransactions,
): EnqueueStore {
  const insert = createInsertJobs(connection.schema);
  const { schema } = connection;

  /** Small calls are one statement and commit by themselves. */
  async function insertAlone(jobs: readonly NewJob[], unique: boolean, work: Work) {
    if (unique) return repeatConflicts(() => connection.atomically(work));
    return jobs.length > chunkSize ? connection.atomically(work) : work(connection.write);
  }

  return {
    async insertJobs(jobs, tx) {
      if (jobs.length === 0) return [];
      const unique = jobs.some((job) => job.unique !== null);
      const work: Work = unique
        ? (query) => insertUnique(query, schema, insert, jobs)
        : (query) => insertPlain(query, insert, jobs);
      try {
        if (tx === undefined) return await insertAlone(jobs, unique, work);
        return await callers.inside(tx, unique ? (query) => withSavepoint(query, work) : work);
      } catch (error) {
        throw explained(error, unique);
      }
    },
  };
}

async function insertPlain(query: Query, insert: InsertJobs, jobs: readonly NewJob[]) {
  const ids = await insert(query, jobs);
  return ids.map((id) => ({ id, outcome: "enqueued" }) as const);
}

async function insertUnique(
  query: Query,
  schema: string,
  insert: InsertJobs,
  jobs: readonly NewJob[],
): Promise<readonly EnqueueReceipt[]> {
  const drawn = await query<{ readonly id: string }>(
    `SELECT nextval('${schema}.job_id')::text AS id FROM generate_series(1, $1)`,
    [jobs.length],
  );
  const ids = drawn.map((row) => row.id);
  const { fresh, receipts } = await resolveUnique(query, schema, jobs, ids);
  const inOrder = ids.filter((id) => fresh.has(id));
  await insert(
    query,
    inOrder.map((id) => fresh.get(id) as NewJob),
    inOrder,
  );
  return receipts;
}

/** Nothing was written by an attempt that lost a deadlock. */
async function repeatConflicts<Value>(step: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (attempt === conflictTries || !isHoldfastError(error, "STORAGE_CONFLICT")) throw error;
    }
  }
}

function explained(error: unknown, unique: boolean): unknown {
  if (isUnknownOutcome(error)) {
    return new HoldfastError(
      "ENQUEUE_UNKNOWN",
      "The connection was lost before PostgreSQL answered: the jobs may or may not be stored. Look for them, or enqueue with a unique key so that trying again is safe.",
      { cause: error },
    );
  }
  if (unique && isHoldfastError(error, "STORAGE_BUSY")) {
    return new HoldfastError(
      "UNIQUE_BUSY",
      "A unique key stayed locked by another open transaction. Try again.",
      { cause: error },
    );
  }
  return error;
}
