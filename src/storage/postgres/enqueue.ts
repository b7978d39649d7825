import type { EnqueueReceipt } from "../../core/enqueue-options.ts";
import { HoldfastError, isHoldfastError } from "../../core/errors.ts";
import type { NewJob } from "../../core/new-job.ts";
import type { EnqueueStore } from "../contract/enqueue.ts";
import type { Connection } from "./connection.ts";
import type { Announcements } from "./engine/announcements.ts";
import type { CallerTransactions } from "./engine/caller-transaction.ts";
import { beginGenerations } from "./engine/generations.ts";
import { pointKeys, recallJobs } from "./engine/idempotency-keys.ts";
import { areAlike, createInsertAlike, type InsertAlike } from "./engine/insert-alike.ts";
import {
  type Chunks,
  chunksOf,
  createInsertJobs,
  type InsertJobs,
  type InsertMore,
} from "./engine/insert-jobs.ts";
import { leaveHints } from "./engine/leave-hints.ts";
import { resolveUnique } from "./engine/resolve-unique.ts";
import { withSavepoint } from "./engine/savepoint.ts";
import type { Query } from "./engine/session.ts";
import { isNotifyRefused, isUnknownOutcome } from "./sql-errors.ts";

type Work = (query: Query) => Promise<readonly EnqueueReceipt[]>;

const tries = 3;

/** Puts jobs in. */
export function createEnqueueStore(
  connection: Connection,
  callers: CallerTransactions,
  announcements: Announcements,
): EnqueueStore {
  const { schema } = connection;
  const parts = {
    connection,
    callers,
    announcements,
    insert: createInsertJobs(schema),
    insertAlike: createInsertAlike(schema, announcements.from),
  };

  async function leaveWord(
    tx: object,
    jobs: readonly NewJob[],
    receipts: readonly EnqueueReceipt[],
  ): Promise<void> {
    const news = announcements.newsOf(jobs, receipts, "at once");
    if (news !== undefined) await callers.inside(tx, (query) => leaveHints(query, schema, news));
  }

  return {
    async insertJobs(jobs, tx) {
      if (jobs.length === 0) return [];
      try {
        const quick =
          tx === undefined && areAlike(jobs) ? await insertAlikeJobs(parts, jobs) : undefined;
        if (quick !== undefined) return quick;
        const receipts = jobs.some(takesKeys)
          ? await insertUniqueJobs(parts, jobs, tx)
          : await insertPlainJobs(parts, jobs, tx);
        const news = tx === undefined ? announcements.newsOf(jobs, receipts) : undefined;
        if (news !== undefined) announcements.tellHere(news);
        // The commit of a transaction handed out here is known, and its wakeups follow it.
        if (tx !== undefined && !callers.isOwn(tx)) await leaveWord(tx, jobs, receipts);
        return receipts;
      } catch (error) {
        throw isUnknownOutcome(error) ? unknown(error) : error;
      }
    },
  };
}

/** Stores jobs in a transaction of ours, and wakes whoever waits for them with its commit. */
export type InsertAnnounced = (
  query: Query,
  jobs: readonly NewJob[],
) => Promise<{
  readonly receipts: readonly EnqueueReceipt[];
  /** Tells this process; after the commit. */
  tellHere(): void;
}>;

/** Makes it for a schema. */
export function createInsertAnnounced(
  { schema }: Connection,
  announcements: Announcements,
): InsertAnnounced {
  const insert = createInsertJobs(schema);
  return async (query, jobs) => {
    const receipts = jobs.some(takesKeys)
      ? await insertUnique(query, schema, insert, jobs)
      : await insertPlain(query, insert, chunksOf(jobs), {});
    const news = announcements.newsOf(jobs, receipts);
    const sql = `SELECT ${announcements.call(0)}`;
    if (news !== undefined) await query(sql, announcements.params(news));
    return {
      receipts,
      tellHere: () => (news === undefined ? undefined : announcements.tellHere(news)),
    };
  };
}

function takesKeys({ unique, idempotency }: NewJob): boolean {
  return unique !== null || idempotency !== undefined;
}

interface EnqueueParts {
  readonly connection: Connection;
  readonly callers: CallerTransactions;
  readonly announcements: Announcements;
  readonly insert: InsertJobs;
  readonly insertAlike: InsertAlike;
}

/**
 * What is enqueued one by one, or by many callers of one definition at once; `undefined` when the server can take no more
 * notifications and so undid it. The other way sends none then.
 */
async function insertAlikeJobs(
  { connection, announcements, insertAlike }: EnqueueParts,
  jobs: readonly NewJob[],
): Promise<readonly EnqueueReceipt[] | undefined> {
  const ids = await insertAlike(connection.write, jobs).catch((error: unknown) => {
    if (isNotifyRefused(error)) return undefined;
    throw error;
  });
  if (ids === undefined) return undefined;
  announcements.tellHere({ queues: [(jobs[0] as NewJob).queue], ids: [], dueAt: Infinity });
  return ids.map(receiptOf);
}

/** Small calls are one statement, which commits by itself, and wakes by itself. */
function insertPlainJobs(
  { connection, callers, announcements, insert }: EnqueueParts,
  jobs: readonly NewJob[],
  tx: object | undefined,
) {
  const chunks = chunksOf(jobs);
  const news = tx === undefined ? announcements.newsOf(jobs) : undefined;
  const { call } = announcements;
  const more = news === undefined ? {} : { also: { call, params: announcements.params(news) } };
  const work: Work = (query) => insertPlain(query, insert, chunks, more);
  if (tx !== undefined) return callers.inside(tx, work);
  return chunks.length > 1 ? connection.atomically(work) : work(connection.write);
}

function insertUniqueJobs(
  { connection, callers, announcements, insert }: EnqueueParts,
  jobs: readonly NewJob[],
  tx: object | undefined,
) {
  const work: Work = (query) => insertUnique(query, connection.schema, insert, jobs);
  const announced: Work = async (query) => {
    const receipts = await work(query);
    const news = announcements.newsOf(jobs, receipts);
    const sql = `SELECT ${announcements.call(0)}`;
    if (news !== undefined) await query(sql, announcements.params(news));
    return receipts;
  };
  return tx === undefined
    ? repeatUndone(() => connection.atomically(announced))
    : callers.inside(tx, (query) => repeatUndone(() => withSavepoint(query, work)));
}

async function insertPlain(query: Query, insert: InsertJobs, chunks: Chunks, more: InsertMore) {
  const ids = await insert(query, chunks, more);
  return ids.map(receiptOf);
}

function receiptOf(id: string): EnqueueReceipt {
  return { id, outcome: "enqueued" };
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
  const { known, repeats } = await recallJobs(query, schema, { jobs, ids });
  const open = [...jobs.keys()].filter(
    (position) => !known.has(position) && !repeats.has(position),
  );
  const { fresh, receipts } = await resolveUnique(query, schema, {
    jobs: open.map((position) => jobs[position] as NewJob),
    ids: open.map((position) => ids[position] as string),
  });
  const inOrder = ids.filter((id) => fresh.has(id));
  const stored = inOrder.map((id) => fresh.get(id) as NewJob);
  await insert(query, chunksOf(stored), { ids: inOrder });
  await beginGenerations(query, schema, fresh);
  const resolved = new Map(known);
  for (const [index, position] of open.entries())
    resolved.set(position, receipts[index] as EnqueueReceipt);
  await pointKeys(query, schema, jobs, open, resolved);
  return [...jobs.keys()].map(
    (position) =>
      resolved.get(position) ?? repeated(resolved.get(repeats.get(position) ?? position)),
  );
}

/** A request made twice in one call: the second time it is known. */
function repeated(first: EnqueueReceipt | undefined): EnqueueReceipt {
  if (first === undefined) throw new Error("a repeated request has no first one");
  return { ...first, outcome: "existing" };
}

/** Every attempt that failed has been undone: a deadlock, or a key let go in the wrong moment. */
async function repeatUndone<Value>(step: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (isHoldfastError(error, "STORAGE_BUSY")) throw keyLocked(error);
      const again =
        isHoldfastError(error, "STORAGE_CONFLICT") || isHoldfastError(error, "UNIQUE_BUSY");
      if (attempt === tries || !again) throw error;
    }
  }
}

function keyLocked(cause: unknown): HoldfastError {
  return new HoldfastError(
    "UNIQUE_BUSY",
    "A unique key stayed locked by another open transaction. Try again.",
    { cause },
  );
}

function unknown(cause: unknown): HoldfastError {
  return new HoldfastError(
    "ENQUEUE_UNKNOWN",
    "The connection was lost before PostgreSQL answered: the jobs may or may not be stored. Look for them, or enqueue with an idempotency key so that trying again is safe.",
    { cause },
  );
}
