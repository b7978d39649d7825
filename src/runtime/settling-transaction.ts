import { setTimeout as sleep } from "node:timers/promises";
import { HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { JobTransactionOptions } from "../core/job-context.ts";
import type { Settlement } from "../core/settlement.ts";
import type { UsingOptions } from "../core/transaction.ts";
import { lend } from "../integrations/transactions/lend.ts";
import type { TransactionGuard } from "../service/transaction-guard.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Reservation } from "./ending-latch.ts";

/** A transaction that ends jobs with its commit. */
export interface SettlingTransaction<Value> {
  readonly storage: Storage;
  readonly guard: TransactionGuard;
  /** How long it may sit idle: a stopped process loses its locks with its leases. */
  readonly leaseMs: number;
  readonly reservation: Reservation;
  readonly options: JobTransactionOptions & Partial<UsingOptions<object>>;
  /** Given the transaction, or with `using` the object of the library that opens it. */
  readonly fn: (tx: never) => Promise<Value>;
  /** Writes the ends as the last thing before the commit, and gives one of the settlements written, to know the commit by. */
  readonly settle: (value: Value, tx: object) => Promise<Settlement>;
}

/**
 * The longest pause before each further try. The one that got in the way counts before its commit has reached the disk, and
 * only then is it seen, so a try at once would meet it again.
 */
const conflictPausesMs = [50, 400];
const resolvePauseMs = 200;

/** Runs it; a stricter isolation level's conflict wrote nothing, so the function runs again after a pause. */
export async function settlingTransaction<Value>(call: SettlingTransaction<Value>): Promise<Value> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      return await once(call);
    } catch (error) {
      call.reservation.undone();
      const pauseMs = conflictPausesMs[conflicts];
      if (pauseMs === undefined || !isHoldfastError(error, "TRANSACTION_RETRY")) throw error;
      await sleep(pauseMs * (0.5 + Math.random() / 2));
    }
  }
}

async function once<Value>(call: SettlingTransaction<Value>): Promise<Value> {
  const { storage, guard, leaseMs, reservation, fn, settle } = call;
  const { using, ...options } = call.options;
  const { open, run } = lend(using);
  let done: { readonly value: Value; readonly settlement: Settlement } | undefined;
  try {
    return await storage.transact(
      async (tx) => {
        const value = await guard.inside(() => run(fn, tx), tx);
        const settlement = await settle(value, tx);
        reservation.written();
        done = { value, settlement };
        return value;
      },
      { ...options, open, idleMs: leaseMs },
    );
  } catch (error) {
    if (done === undefined || !isUnknownCommit(error)) throw error;
    if (await hasCommitted(done.settlement, storage)) return done.value;
    throw error;
  }
}

function isUnknownCommit(error: unknown): error is HoldfastError {
  return error instanceof HoldfastError && error.details["commit"] === "unknown";
}

/**
 * Finds out what became of a COMMIT whose answer was lost. The fenced write waits for a commit still under way,
 * so touching the job means that it was rolled back.
 */
async function hasCommitted({ lease, attempts }: Settlement, storage: Storage): Promise<boolean> {
  for (;;) {
    try {
      if (await storage.patchJob(lease, {})) return false;
      const found = await storage.getJob(lease.id);
      if (found === undefined) return true;
      const written = attempts.at(-1);
      return found.attempts.some(({ run, how }) => run === lease.run && how === written?.how);
    } catch (error) {
      if (!(error instanceof HoldfastError && error.retryable)) throw error;
      await sleep(resolvePauseMs);
    }
  }
}
