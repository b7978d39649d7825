import { setImmediate as nextTurn } from "node:timers/promises";
import type { EnqueueReceipt } from "../../core/enqueue-options.ts";
import type { NewJob } from "../../core/new-job.ts";
import type { EnqueueStore } from "../contract/enqueue.ts";
import type { WakeupStore } from "../contract/wakeup.ts";
import { policyText, tagsText } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { type DrawnRange, drawRange } from "./engine/sequence.ts";
import type { Session } from "./engine/session.ts";
import { resolveKey } from "./engine/unique-key.ts";
import { translated } from "./sql-errors.ts";
import type { Transactions } from "./transact.ts";

/** Rows written before the event loop gets a turn. */
const chunkRows = 2_000;

/** Rows of one statement: fewer cost more in calls, more in binding. */
const statementRows = 32;

/** Stores jobs. */
export function createEnqueueStore(
  connection: Connection,
  transactions: Transactions,
  wake: WakeupStore["wake"],
): EnqueueStore {
  return {
    async insertJobs(jobs, tx) {
      if (tx !== undefined) return insertInside(transactions.sessionOf(tx), jobs);
      const receipts = await (jobs.length <= chunkRows
        ? connection.write((session) => insertChunk(session, jobs))
        : connection.hold((session) => insertChunks(session, jobs)));
      const due = jobs.filter(
        ({ runAt, createdAt }, index) =>
          runAt <= createdAt && receipts[index]?.outcome !== "existing",
      );
      await wake([...new Set(due.map(({ queue }) => queue))]);
      return receipts;
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
    for (const receipt of translated(() => insertChunk(session, chunk))) receipts.push(receipt);
    await nextTurn();
  }
  return receipts;
}

function insertChunk(session: Session, jobs: readonly NewJob[]): readonly EnqueueReceipt[] {
  const drawn = drawRange(session, jobs.length, jobs.length);
  const receipts: EnqueueReceipt[] = [];
  while (receipts.length < jobs.length) {
    const start = receipts.length;
    const first = jobs[start] as NewJob;
    const numbers = { id: drawn.id + start + 1, seq: drawn.seq + start + 1 };
    const held = first.unique === null ? null : resolveKey(session, first, first.unique, numbers);
    if (held !== null) {
      receipts.push(held);
      continue;
    }
    const alike = jobs.slice(start, endOfAlike(jobs, start));
    insertAlike(session, alike, numbers);
    for (let index = 0; index < alike.length; index++)
      receipts.push({ id: String(numbers.id + index), outcome: "enqueued" });
  }
  return receipts;
}

/** Where the jobs end that differ from the one at `start` by their payloads only; those share statements. */
function endOfAlike(jobs: readonly NewJob[], start: number): number {
  const first = jobs[start] as NewJob;
  let end = start + 1;
  while (end < jobs.length && areAlike(first, jobs[end] as NewJob)) end += 1;
  return end;
}

function areAlike(one: NewJob, other: NewJob): boolean {
  return (
    one.unique === null &&
    other.unique === null &&
    one.name === other.name &&
    one.version === other.version &&
    one.queue === other.queue &&
    one.priority === other.priority &&
    one.createdAt === other.createdAt &&
    one.runAt === other.runAt &&
    one.policy === other.policy &&
    (one.tags === other.tags || one.tags.length + other.tags.length === 0)
  );
}

/**
 * Index: none is searched; a live row enters the primary key and the ready index, a later row the primary key and (run_at, id).
 * Locks: the one writer of the file. Races: none inside it. Cost: two b-tree inserts a row; 32 rows in a statement that binds
 * once what they share cost half of 32 statements, and less than rows from json_each.
 */
function insertStatement(table: "live" | "later", rows: number): string {
  const values = Array.from({ length: rows }, (_, row) => {
    const shared = "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12";
    return `(?1 + ${row}, ${shared}, ?${13 + row}${table === "live" ? `, ?2 + ${row}` : ""})`;
  });
  return `INSERT INTO holdfast_${table} (id, name, version, queue, priority, policy, tags, created_at, run_at, unique_key,
    unique_while, payload${table === "live" ? ", seq" : ""}) VALUES ${values.join(", ")}`;
}

const statements = {
  live: { many: insertStatement("live", statementRows), one: insertStatement("live", 1) },
  later: { many: insertStatement("later", statementRows), one: insertStatement("later", 1) },
} as const;

function insertAlike(session: Session, alike: readonly NewJob[], { id, seq }: DrawnRange): void {
  const job = alike[0] as NewJob;
  const { many, one } = statements[job.runAt > job.createdAt ? "later" : "live"];
  const shared = [
    job.name,
    job.version,
    job.queue,
    job.priority,
    policyText(job.policy),
    tagsText(job.tags),
    job.createdAt,
    job.runAt,
    job.unique?.key ?? null,
    job.unique?.while ?? null,
  ] as const;
  for (let start = 0; start < alike.length; ) {
    const rows = alike.length - start < statementRows ? 1 : statementRows;
    const payloads = alike.slice(start, start + rows).map(({ payload }) => payload);
    session.run(rows === 1 ? one : many, id + start, seq + start, ...shared, ...payloads);
    start += rows;
  }
}
