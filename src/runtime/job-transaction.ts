import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import type { JobContext, JobTransactionOptions } from "../core/job-context.ts";
import { settle } from "../core/lifecycle.ts";
import type { Settlement } from "../core/settlement.ts";
import type { UsingOptions } from "../core/transaction.ts";
import type { TransactionGuard } from "../service/transaction-guard.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { type Attempt, leaseLost } from "./attempt.ts";
import { encodeResult } from "./encode-result.ts";
import { settlingTransaction } from "./settling-transaction.ts";

/** What `job.transaction` works with. */
export interface JobTransactionParts {
  readonly storage: Storage;
  readonly guard: TransactionGuard;
  readonly clock: Clock;
  readonly leaseMs: number;
}

/**
 * Makes `job.transaction` for one attempt: `fn`'s writes, the jobs enqueued with its `tx` and the job's completion
 * commit together. The fenced settlement is the last statement before COMMIT.
 */
export function jobTransaction(
  attempt: Attempt,
  parts: JobTransactionParts,
): JobContext["transaction"] {
  return <Value>(
    fn: (tx: never) => Promise<Value>,
    options?: JobTransactionOptions & Partial<UsingOptions<object>>,
  ) =>
    attempt.ending.transact(async (reservation) => {
      parts.guard.refuseInside("job.transaction");
      if (attempt.handler.definition.kind === "resident") throw neverCompletes();
      const settleWith = (value: unknown, tx: object) => complete(attempt, parts, value, tx);
      return settlingTransaction({
        ...parts,
        reservation,
        options: options ?? {},
        fn,
        settle: settleWith,
      });
    });
}

function neverCompletes(): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    "job.transaction completes its job, and a resident job never does; use client.transaction.",
  );
}

async function complete(
  attempt: Attempt,
  { storage, clock }: JobTransactionParts,
  value: unknown,
  tx: object,
): Promise<Settlement> {
  const now = clock.now();
  const facts = { now, random: 0, began: attempt.began };
  const outcome =
    value === undefined
      ? ({ kind: "completed" } as const)
      : ({
          kind: "completed",
          result: await encodeResult(attempt.handler.definition, value),
        } as const);
  const settlement = settle(attempt.job, outcome, facts);
  const [answer] = await storage.settleJobs([settlement], now, tx);
  if (answer?.outcome === "settled") {
    // As with a result that comes too late: the attempt has failed, and what was written for it goes.
    if (attempt.abort.reason?.kind === "timeout") throw attempt.abort.reason;
    return settlement;
  }
  attempt.abort.abort({ kind: "lease-lost", message: "The job is no longer this worker's." });
  throw leaseLost(attempt.job);
}
