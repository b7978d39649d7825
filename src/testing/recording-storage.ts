import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { JobId } from "../core/job.ts";
import type { NewJob } from "../core/new-job.ts";
import type { Settlement } from "../core/settlement.ts";
import type { Transaction } from "../core/transaction.ts";
import type { JobPatch, SettleAnswer } from "../storage/contract/settle.ts";
import type { Storage } from "../storage/contract/storage.ts";

/** A job that a handler enqueued. Times are milliseconds since the epoch. */
export interface EnqueuedJob {
  readonly id: JobId;
  readonly name: string;
  readonly queue: string;
  readonly priority: number;
  readonly payload: unknown;
  readonly runAt: number;
  readonly uniqueKey: string | null;
  readonly tags: readonly string[];
}

/** What one run wrote and committed; values of the job are JSON text. */
export interface Written {
  readonly enqueued: readonly EnqueuedJob[];
  readonly patches: readonly JobPatch[];
  /** How the job was settled, once it was. */
  readonly settlement: Settlement | undefined;
}

/** Enough of a storage for one handler to run in, and what it wrote there. */
export interface RecordingStorage {
  readonly storage: Storage;
  written(): Written;
}

type Recorded = Pick<
  Storage,
  | "insertJobs"
  | "patchJob"
  | "settleJobs"
  | "transact"
  | "getCooling"
  | "coolQueue"
  | "wake"
  | "wakeCancelled"
  | "appendLog"
  | "admitJobs"
  | "declareScopes"
  | "takeTokens"
  | "drainTokens"
>;

/** What is written together: at once, or with the commit of a transaction. */
interface Writes {
  readonly enqueued: EnqueuedJob[];
  settlement: Settlement | undefined;
}

/**
 * A storage that keeps nothing but a list of what one run writes: it knows no other jobs, so no unique key is ever held, and what
 * is asked of it is refused. Its transactions are `tx`, or one whose queries are refused as well, or what `using` opens; one that
 * fails leaves nothing.
 */
export function recordingStorage(tx: Transaction = refusedTransaction): RecordingStorage {
  const ledger = createLedger();
  const patches: JobPatch[] = [];
  let ids = 1;

  const recorded: Recorded = {
    async insertJobs(jobs, given) {
      const made = jobs.map((job) => enqueuedJob(job, String((ids += 1))));
      ledger.into(given).enqueued.push(...made);
      return made.map(({ id }): EnqueueReceipt => ({ id, outcome: "enqueued" }));
    },
    async settleJobs(settlements, _now, given) {
      ledger.into(given).settlement = settlements.at(-1);
      return settlements.map((): SettleAnswer => ({ outcome: "settled" }));
    },
    async patchJob(_lease, patch) {
      patches.push(patch);
      return true;
    },
    transact: (fn, { open } = {}) =>
      open === undefined
        ? ledger.committing(tx, () => fn(tx))
        : open((own) => ledger.committing(own, () => fn(own as Transaction))),
    // No throttled handler has closed a queue before.
    getCooling: async () => ({ level: 0, closedUntil: 0 }),
    coolQueue: async () => true,
    wake: async () => {},
    wakeCancelled: async () => {},
    appendLog: async () => {},
    ...openGates,
  };
  return {
    storage: refusingTheRest(recorded),
    written: () => ({ ...ledger.committed, patches }),
  };
}

/** Nobody else is there, so every limit has room and every rate grants. */
const openGates: Pick<Recorded, "admitJobs" | "declareScopes" | "takeTokens" | "drainTokens"> = {
  admitJobs: async () => ({ rows: 0, more: false, queues: [], nextAt: null, undeclared: [] }),
  declareScopes: async () => {},
  takeTokens: async () => ({ outcome: "granted" }),
  drainTokens: async () => "drained",
};

/** Keeps what was written, and what open transactions have yet to commit. */
function createLedger() {
  const committed: Writes = { enqueued: [], settlement: undefined };
  const open = new Map<object | undefined, Writes>();
  return {
    committed,
    into: (tx: object | undefined): Writes => open.get(tx) ?? committed,
    async committing<Value>(tx: object, fn: () => Promise<Value>): Promise<Value> {
      const inside: Writes = { enqueued: [], settlement: undefined };
      open.set(tx, inside);
      const value = await fn().finally(() => open.delete(tx));
      committed.enqueued.push(...inside.enqueued);
      committed.settlement = inside.settlement ?? committed.settlement;
      return value;
    },
  };
}

function enqueuedJob(job: NewJob, id: string): EnqueuedJob {
  const { name, queue, priority, payload, runAt, unique, tags } = job;
  const parsed: unknown = JSON.parse(payload);
  return {
    id,
    name,
    queue,
    priority,
    payload: parsed,
    runAt,
    uniqueKey: unique?.key ?? null,
    tags,
  };
}

/** Every other call is refused when it is made, so that a handler hears what it cannot have here. */
function refusingTheRest(recorded: Recorded): Storage {
  return new Proxy(recorded, {
    get(known, call): unknown {
      // Whatever is asked for `then` is taken for a promise when there is one.
      const member = typeof call === "symbol" || call === "then" || call in known;
      return member ? Reflect.get(known, call) : () => Promise.reject(noStorage(call));
    },
  }) as Storage;
}

const refusedTransaction: Transaction = {
  query: () => Promise.reject(noStorage("tx.query")),
};

function noStorage(call: string): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    `runJob has no database to answer ${call}: hand what the handler needs in as services or as tx, or test it with a client on sqlite::memory: and runUntilIdle.`,
    { details: { call } },
  );
}
