import { setImmediate as nextTurn } from "node:timers/promises";
import type { EnqueueReceipt } from "../../core/enqueue-options.ts";
import type { NewJob } from "../../core/new-job.ts";
import { linesOfNew } from "../../core/stat-line.ts";
import type { EnqueueStore } from "../contract/enqueue.ts";
import type { WakeupStore } from "../contract/wakeup.ts";
import { policyText, tagsText } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import type { SqlValue } from "./engine/handle.ts";
import { beginGeneration } from "./engine/generation.ts";
import { recallJob, rememberJob } from "./engine/idempotency-key.ts";
import { insertGated } from "./engine/insert-gated.ts";
import { placeOfNew } from "./engine/new-job-place.ts";
import { type DrawnRange, drawRange } from "./engine/sequence.ts";
import type { Session } from "./engine/session.ts";
import { resolveKey } from "./engine/unique-key.ts";
import { writeLines } from "./engine/write-lines.ts";
import { translated } from "./sql-errors.ts";
import type { Transactions } from "./transact.ts";

/** Rows written before the event loop gets a turn. */
const chunkRows = 2_000;

/** Rows of one statement, where there are as many: fewer cost more in calls, more in binding. */
const statementRows = [64, 8, 1] as const;

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
      await wake(queuesWithWork(jobs, receipts));
      return receipts;
    },
  };
}

/** The queues of jobs that could be claimed at once. */
export function queuesWithWork(
  jobs: readonly NewJob[],
  receipts: readonly EnqueueReceipt[],
): readonly string[] {
  const queues = new Set<string>();
  for (let index = 0; index < jobs.length; index++) {
    const job = jobs[index] as NewJob;
    if (placeOfNew(job) === "live" && receipts[index]?.outcome !== "existing")
      queues.add(job.queue);
  }
  return [...queues];
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

/** Stores jobs in the transaction that is open. */
export function insertChunk(session: Session, jobs: readonly NewJob[]): readonly EnqueueReceipt[] {
  const drawn = drawRange(session, jobs.length, jobs.length);
  const receipts: EnqueueReceipt[] = [];
  while (receipts.length < jobs.length) {
    const start = receipts.length;
    const first = jobs[start] as NewJob;
    const numbers = { id: drawn.id + start + 1, seq: drawn.seq + start + 1 };
    const held = resolveKeys(session, first, numbers);
    if (held !== null) {
      receipts.push(held);
      continue;
    }
    const end = endOfAlike(jobs, start);
    if (first.gates === undefined) insertAlike(session, jobs, start, end, numbers);
    else insertGated(session, first, numbers);
    if (first.unique?.inheritState === true) {
      beginGeneration(session, first, first.unique.key, numbers.id);
    }
    for (let index = 0; index < end - start; index++)
      receipts.push({ id: String(numbers.id + index), outcome: "enqueued" });
  }
  writeLines(session, linesOfNew(stored(jobs, receipts)));
  return receipts;
}

/** The jobs that are new, in order. */
function stored(jobs: readonly NewJob[], receipts: readonly EnqueueReceipt[]): readonly NewJob[] {
  const isNew = (_: NewJob, index: number) => receipts[index]?.outcome === "enqueued";
  return jobs.filter(isNew);
}

/** The job a repeated request made, or the holder of the unique key; `null` means that the new job is to be stored. */
function resolveKeys(session: Session, job: NewJob, numbers: DrawnRange): EnqueueReceipt | null {
  const { idempotency, unique } = job;
  const known = idempotency === undefined ? null : recallJob(session, job, idempotency);
  if (known !== null) return known;
  const held = unique === null ? null : resolveKey(session, job, unique, numbers);
  if (idempotency !== undefined) {
    rememberJob(session, job, idempotency, held === null ? numbers.id : Number(held.id));
  }
  return held;
}

/** Where the jobs end that differ from the one at `start` by their payloads and traces only; those share statements. */
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
    one.idempotency === undefined &&
    other.idempotency === undefined &&
    one.gates === undefined &&
    other.gates === undefined &&
    one.name === other.name &&
    one.version === other.version &&
    one.queue === other.queue &&
    one.priority === other.priority &&
    one.createdAt === other.createdAt &&
    one.runAt === other.runAt &&
    one.policy === other.policy &&
    (one.trace === undefined) === (other.trace === undefined) &&
    (one.tags === other.tags || one.tags.length + other.tags.length === 0)
  );
}

/**
 * Index: none is searched; a live row enters the primary key and the ready index, a later row the primary key and (run_at, id).
 * Locks: the one writer of the file. Races: none inside it. Cost: two b-tree inserts a row; the rows of one
 * statement, which binds once what they share, cost half of a statement each, and less than rows from json_each. All who run it
 * undo everything when it fails; with FAIL, SQLite does not copy pages aside to undo it alone, which saves a tenth.
 */
function insertStatement(table: "live" | "later", traced: boolean, rows: number): string {
  const own = traced ? "payload, trace" : "payload";
  const values = Array.from({ length: rows }, (_, row) => {
    const shared = "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12";
    return `(?1 + ${row}, ${shared}, ${traced ? "?, ?" : "?"}${table === "live" ? `, ?2 + ${row}` : ""})`;
  });
  return `INSERT OR FAIL INTO holdfast_${table} (id, name, version, queue, priority, policy, tags, created_at, run_at,
    unique_key, unique_while, ${own}${table === "live" ? ", seq" : ""}) VALUES ${values.join(", ")}`;
}

function statementsFor(table: "live" | "later", traced: boolean) {
  return statementRows.map((rows) => [insertStatement(table, traced, rows), rows] as const);
}

/** A trace is its job's own, and nearly all jobs of an application have one, or none has: those without bind nothing for it. */
const statements = {
  live: { plain: statementsFor("live", false), traced: statementsFor("live", true) },
  later: { plain: statementsFor("later", false), traced: statementsFor("later", true) },
} as const;

/** How many values stand before the payloads. */
const sharedValues = 12;

function insertAlike(
  session: Session,
  jobs: readonly NewJob[],
  start: number,
  end: number,
  { id, seq }: DrawnRange,
): void {
  const job = jobs[start] as NewJob;
  const shared = [
    0,
    0,
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
  ];
  const traced = job.trace !== undefined;
  const own = traced ? 2 : 1;
  let next = start;
  const { [traced ? "traced" : "plain"]: some } =
    statements[job.runAt > job.createdAt ? "later" : "live"];
  for (const [sql, rows] of some) {
    if (end - next < rows) continue;
    const statement = session.prepare(sql);
    // One list for all: new ones, and their way through rest parameters, would cost a tenth of the insert.
    const values: SqlValue[] = [...shared, ...Array.from({ length: rows * own }, () => null)];
    for (; end - next >= rows; next += rows) {
      values[0] = id + next - start;
      values[1] = seq + next - start;
      for (let row = 0; row < rows; row++) {
        const { payload, trace } = jobs[next + row] as NewJob;
        values[sharedValues + row * own] = payload;
        if (trace !== undefined) values[sharedValues + row * own + 1] = trace;
      }
      statement.run(...values);
    }
  }
}
