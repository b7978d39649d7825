import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import { HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { JobContext, JobTransactionOptions } from "../core/job-context.ts";
import { settle } from "../core/lifecycle.ts";
import type { Settlement } from "../core/settlement.ts";
import type { Transaction } from "../core/transaction.ts";
import type { TransactionGuard } from "../service/transaction-guard.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { type Attempt, leaseLost } from "./attempt.ts";
import { encodeResult } from "./encode-result.ts";
import type { Reservation } from "./ending-latch.ts";

/** What `job.transaction` works with. */
export interface JobTransactionParts {
  readonly storage: Storage;
  readonly guard: TransactionGuard;
  readonly clock: Clock;
  readonly leaseMs: number;
}

const tries = 3;
const resolvePauseMs = 200;

/**
 * Makes `job.transaction` for one attempt: `fn`'s writes, the jobs enqueued with its `tx` and the job's completion
 * commit together. The fenced settlement is the last statement before COMMIT.
 */
export function jobTransaction(
  attempt: Attempt,
  parts: JobTransactionParts,
): JobContext["transaction"] {
  return (fn, options = {}) =>
    attempt.ending.transact(async (reservation) => {
      parts.guard.refuseInside("job.transaction");
      if (attempt.handler.definition.kind === "resident") throw neverCompletes();
      return repeated({ ...parts, attempt, reservation }, fn, options);
    });
}

function neverCompletes(): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    "job.transaction completes its job, and a resident job never does; use client.transaction.",
  );
}

/** One call of `job.transaction`. */
interface Call extends JobTransactionParts {
  readonly attempt: Attempt;
  readonly reservation: Reservation;
}

/** A stricter isolation level's conflict wrote nothing, so the function may run again. */
async function repeated<Value>(
  call: Call,
  fn: (tx: Transaction) => Promise<Value>,
  options: JobTransactionOptions,
): Promise<Value> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await once(call, fn, options);
    } catch (error) {
      call.reservation.undone();
      if (left === 0 || !isHoldfastError(error, "TRANSACTION_RETRY")) throw error;
    }
  }
}

async function once<Value>(
  call: Call,
  fn: (tx: Transaction) => Promise<Value>,
  options: JobTransactionOptions,
): Promise<Value> {
  const { storage, guard, leaseMs, attempt } = call;
  let value: { readonly of: Value } | undefined;
  try {
    return await storage.transact(
      async (tx) => {
        const produced = await guard.inside(() => fn(tx));
        await complete(call, produced, tx);
        value = { of: produced };
        return produced;
      },
      { ...options, idleMs: leaseMs },
    );
  } catch (error) {
    if (value === undefined || !isUnknownCommit(error)) throw error;
    if (await hasCommitted(attempt, storage)) return value.of;
    throw error;
  }
}

async function complete(
  { attempt, reservation, storage, clock }: Call,
  value: unknown,
  tx: object,
): Promise<void> {
  const now = clock.now();
  const facts = { now, random: 0, began: attempt.began };
  const outcome =
    value === undefined
      ? ({ kind: "completed" } as const)
      : ({
          kind: "completed",
          result: await encodeResult(attempt.handler.definition, value),
        } as const);
  const settlement: Settlement = settle(attempt.job, outcome, facts);
  const [answer] = await storage.settleJobs([settlement], now, tx);
  if (answer?.outcome === "settled") return reservation.written();
  attempt.abort.abort({ kind: "lease-lost", message: "The job is no longer this worker's." });
  throw leaseLost(attempt.job);
}

function isUnknownCommit(error: unknown): error is HoldfastError {
  return error instanceof HoldfastError && error.details["commit"] === "unknown";
}

/**
 * Finds out what became of a COMMIT whose answer was lost. The fenced write waits for a commit still under way,
 * so touching the job means that it was rolled back.
 */
async function hasCommitted({ job }: Attempt, storage: Storage): Promise<boolean> {
  for (;;) {
    try {
      if (await storage.patchJob(job.lease, {})) return false;
      const found = await storage.getJob(job.lease.id);
      if (found === undefined) return true;
      const last = found.attempts.at(-1);
      return last?.run === job.lease.run && last.how === "completed";
    } catch (error) {
      if (!(error instanceof HoldfastError && error.retryable)) throw error;
      await sleep(resolvePauseMs);
    }
  }
}
