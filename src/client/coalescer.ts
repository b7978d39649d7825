import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { NewJob } from "../core/new-job.ts";

/** Lets concurrent enqueues share one insert. */
export interface Coalescer {
  /** Resolves when the job is durable. */
  insert(job: NewJob): Promise<EnqueueReceipt>;
}

type InsertJobs = (jobs: readonly NewJob[]) => Promise<readonly EnqueueReceipt[]>;

interface Waiting {
  readonly job: NewJob;
  readonly resolve: (receipt: EnqueueReceipt) => void;
  readonly reject: (error: unknown) => void;
}

const mostRows = 2_000;
const mostPayload = 4_194_304;

/**
 * A coalescer: calls of one turn of the event loop go together, and so do those that arrive while an insert is in
 * flight. A shared insert that fails for what may be one row's fault is halved until that row stands alone.
 */
export function createCoalescer(insertJobs: InsertJobs): Coalescer {
  let waiting: Waiting[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      // Callers answered a moment ago enqueue their next job within this turn; without it they would miss the batch.
      await new Promise((resolve) => setImmediate(resolve));
      const rows = batchSize(waiting);
      const batch = waiting.slice(0, rows);
      waiting = waiting.slice(rows);
      await insertShared(insertJobs, batch);
    }
    running = false;
  }

  return {
    insert(job) {
      return new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        if (!running) void run();
      });
    },
  };
}

/** As many as one statement carries well: at least one row, however large. */
function batchSize(waiting: readonly Waiting[]): number {
  let payload = 0;
  const rows = waiting.slice(0, mostRows).findIndex(({ job }, index) => {
    payload += job.payload.length;
    return index > 0 && payload > mostPayload;
  });
  return rows === -1 ? mostRows : rows;
}

async function insertShared(insertJobs: InsertJobs, batch: readonly Waiting[]): Promise<void> {
  try {
    const receipts = await insertJobs(batch.map(({ job }) => job));
    for (const [index, { resolve, reject }] of batch.entries()) {
      const receipt = receipts[index];
      if (receipt !== undefined) resolve(receipt);
      else reject(new HoldfastError("STORAGE_FAILED", "The storage gave too few receipts."));
    }
  } catch (error) {
    if (batch.length === 1 || concernsEvery(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    const half = Math.ceil(batch.length / 2);
    await insertShared(insertJobs, batch.slice(0, half));
    await insertShared(insertJobs, batch.slice(half));
  }
}

/** Errors that say nothing about a single row; repeating after an unknown outcome could store a job twice. */
function concernsEvery(error: unknown): boolean {
  return (
    error instanceof HoldfastError &&
    (error.retryable || everyones.some((code) => code === error.code))
  );
}

const everyones = [
  "ENQUEUE_UNKNOWN",
  "STORAGE_READ_ONLY",
  "STORAGE_INVALID",
  "CLIENT_CLOSED",
] as const;
