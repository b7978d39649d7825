import { setImmediate as nextTurn } from "node:timers/promises";
import type { EnqueueReceipt } from "../../core/enqueue-options.ts";
import type { NewJob } from "../../core/new-job.ts";
import type { EnqueueStore } from "../contract/enqueue.ts";
import type { Connection } from "./connection.ts";
import type { SqlValue } from "./engine/handle.ts";
import { drawRange } from "./engine/sequence.ts";
import type { Session } from "./engine/session.ts";
import { resolveKey } from "./engine/unique-key.ts";
import { translated } from "./sql-errors.ts";
import type { Transactions } from "./transact.ts";

/** Rows written before the event loop gets a turn. */
const chunkRows = 2_000;

/** Stores jobs. */
export function createEnqueueStore(
  connection: Connection,
  transactions: Transactions,
): EnqueueStore {
  return {
    async insertJobs(jobs, tx) {
      if (tx !== undefined) return insertInside(transactions.sessionOf(tx), jobs);
      if (jobs.length <= chunkRows)
        return connection.write((session) => insertChunk(session, jobs));
      return connection.hold((session) => insertChunks(session, jobs));
    },
  };
}

/** All or nothing also for a caller that catches the error and commits the rest. */
function insertInside(session: Session, jobs: readonly NewJob[]): readonly EnqueueReceipt[] {
  return translated(() => {
    session.run("SAVEPOINT holdfast_enqueue");
    try {
      return insertChunk(session, jobs);
    } catch (error) {
      // After some errors, such as a full disk, SQLite has rolled everything back already.
      if (session.handle.isTransaction !== false) session.run("ROLLBACK TO holdfast_enqueue");
      throw error;
    } finally {
      if (session.handle.isTransaction !== false) session.run("RELEASE holdfast_enqueue");
    }
  });
}

async function insertChunks(
  session: Session,
  jobs: readonly NewJob[],
): Promise<readonly EnqueueReceipt[]> {
  const receipts: EnqueueReceipt[] = [];
  for (let start = 0; start < jobs.length; start += chunkRows) {
    const chunk = jobs.slice(start, start + chunkRows);
    receipts.push(...translated(() => insertChunk(session, chunk)));
    await nextTurn();
  }
  return receipts;
}

function insertChunk(session: Session, jobs: readonly NewJob[]): readonly EnqueueReceipt[] {
  const drawn = drawRange(session, jobs.length, jobs.length);
  return jobs.map((job, index) =>
    insertJob(session, job, drawn.id + index + 1, drawn.seq + index + 1),
  );
}

/**
 * Index: none is searched; a live row enters the primary key and the ready index, a later row the primary key and (run_at, id).
 * Locks: the one writer of the file. Races: none inside it. Cost: two b-tree inserts a row.
 */
const columns = `id, name, version, queue, priority, payload, policy, created_at, run_at, unique_key, unique_while, tags`;
const insertLive = `INSERT INTO holdfast_live (${columns}, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const insertLater = `INSERT INTO holdfast_later (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

function insertJob(session: Session, job: NewJob, id: number, seq: number): EnqueueReceipt {
  const held = job.unique === null ? null : resolveKey(session, job, job.unique, { id, seq });
  if (held !== null) return held;
  const values: readonly SqlValue[] = [
    id,
    job.name,
    job.version,
    job.queue,
    job.priority,
    job.payload,
    JSON.stringify(job.policy),
    job.createdAt,
    job.runAt,
    job.unique?.key ?? null,
    job.unique?.while ?? null,
    JSON.stringify(job.tags),
  ];
  if (job.runAt > job.createdAt) session.run(insertLater, ...values);
  else session.run(insertLive, ...values, seq);
  return { id: String(id), outcome: "enqueued" };
}
