import type { BatchReturn, JobBatch } from "../core/batch.ts";
import { defaults } from "../core/defaults.ts";
import type { JobTransactionOptions } from "../core/job-context.ts";
import { settle } from "../core/lifecycle.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Settlement } from "../core/settlement.ts";
import type { UsingOptions } from "../core/transaction.ts";
import type { Engine } from "../service/engine.ts";
import type { SettleAnswer } from "../storage/contract/settle.ts";
import { type BatchAttempt, batchLeaseLost } from "./batch-attempt.ts";
import { endOfMember } from "./batch-endings.ts";
import type { BatchMember, MadeOutcome } from "./batch-member.ts";
import { readOutcomes } from "./batch-outcomes.ts";
import { coolDown } from "./cooling.ts";
import { encodeResult } from "./encode-result.ts";
import type { OrderBook } from "./order-book.ts";
import { reportEnd } from "./settle-attempt.ts";
import { settlingTransaction } from "./settling-transaction.ts";

/** What `batch.transaction` works with. */
export interface BatchTransactionParts {
  readonly engine: Engine;
  readonly leaseMs: number;
  readonly random: () => number;
  readonly backoffOf: OrderBook["backoffOf"];
}

/** How one item ends inside the transaction. */
interface Written {
  readonly member: BatchMember;
  readonly outcome: Outcome;
  readonly settlement: Settlement;
  /** What a throttled one was asked for. */
  readonly throttle?: { readonly retryAfterMs: number | null };
}

/**
 * Makes `batch.transaction`: `fn`'s writes, the jobs enqueued with its `tx` and the end of every item commit together. The
 * fenced settlements are the last thing before COMMIT.
 */
export function batchTransaction(
  batch: BatchAttempt,
  items: readonly BatchMember[],
  parts: BatchTransactionParts,
): JobBatch["transaction"] {
  const { storage, guard } = parts.engine;
  return (
    fn: (tx: never) => Promise<BatchReturn>,
    options?: JobTransactionOptions & Partial<UsingOptions<object>>,
  ) =>
    batch.ending.transact(async (reservation) => {
      guard.refuseInside("batch.transaction");
      const { made } = batch.tally;
      let ends: readonly Written[] = [];
      await settlingTransaction({
        storage,
        guard,
        leaseMs: parts.leaseMs,
        reservation,
        options: options ?? {},
        fn(tx: never) {
          // What an earlier run asked for was rolled back with it.
          batch.tally.made = made;
          return fn(tx);
        },
        async settle(value, tx) {
          ends = await writeEnds(readOutcomes(items, value, batch.tally.made), parts, tx);
          // As with outcomes that come too late: the batch has failed, and what was written for it goes.
          if (batch.abort.reason?.kind === "timeout") throw batch.abort.reason;
          return (ends[0] as Written).settlement;
        },
      });
      await tellAfterCommit(ends, parts.engine);
    });
}

async function writeEnds(
  outcomes: readonly MadeOutcome[],
  parts: BatchTransactionParts,
  tx: object,
): Promise<readonly Written[]> {
  const ends = await Promise.all(outcomes.map((outcome) => decide(outcome, parts)));
  const answers = await write(ends, parts, tx);
  refuseLost(ends, answers);
  const late = ends.map((end, index) => cancelledInstead(end, answers[index], parts));
  const cancelled = late.filter((end) => end !== undefined);
  if (cancelled.length > 0) refuseLost(cancelled, await write(cancelled, parts, tx));
  return ends.map((end, index) => late[index] ?? end);
}

function write(
  ends: readonly Written[],
  { engine }: BatchTransactionParts,
  tx: object,
): Promise<readonly SettleAnswer[]> {
  const settlements = ends.map(({ settlement }) => settlement);
  return engine.storage.settleJobs(settlements, engine.clock.now(), tx);
}

/** A result its schema refuses throws, and so rolls everything back: what belongs to it is written already. */
async function decide(
  { member, end }: MadeOutcome,
  parts: BatchTransactionParts,
): Promise<Written> {
  if (end.kind === "completed" && end.value !== undefined) {
    const { definition } = member.parts.attempt.handler;
    const result = await encodeResult(definition, end.value);
    return written(member, { kind: "completed", result }, parts);
  }
  const ending = await endOfMember(member.parts, end);
  if (ending.kind === "throttling") {
    // The queue itself cools down after the commit: its row is not this transaction's to write.
    const waitMs = ending.retryAfterMs ?? defaults.throttleMinMs;
    const runAt = parts.engine.clock.now() + waitMs;
    return { ...written(member, { kind: "throttled", runAt }, parts), throttle: ending };
  }
  return written(member, ending.kind === "already-settled" ? released : ending, parts);
}

const released: Outcome = { kind: "released" };

function written(member: BatchMember, outcome: Outcome, parts: BatchTransactionParts): Written {
  const { attempt } = member.parts;
  const { engine, random, backoffOf } = parts;
  const backoff = backoffOf(attempt.job.queue);
  const facts = { now: engine.clock.now(), random: random(), began: attempt.began, backoff };
  return { member, outcome, settlement: settle(attempt.job, outcome, facts) };
}

function refuseLost(ends: readonly Written[], answers: readonly SettleAnswer[]): void {
  const lost = ends.filter(
    (_, index) => (answers[index]?.outcome ?? "lease-lost") === "lease-lost",
  );
  if (lost.length === 0) return;
  for (const { member } of lost) {
    const message = "The job is no longer this worker's.";
    member.parts.attempt.abort.abort({ kind: "lease-lost", message });
  }
  throw batchLeaseLost(lost.map(({ member }) => member.id));
}

/** A cancel requested meanwhile wins over every end that would let the job live on. */
function cancelledInstead(
  { member }: Written,
  answer: SettleAnswer | undefined,
  parts: BatchTransactionParts,
): Written | undefined {
  if (answer?.outcome !== "cancel-requested") return undefined;
  const { why, by } = answer.request;
  return written(member, { kind: "cancelled", why, by }, parts);
}

/** Logs the failures, and cools the queue of throttled items down. */
async function tellAfterCommit(
  ends: readonly Written[],
  { storage, clock, logger }: Engine,
): Promise<void> {
  for (const { member, outcome, settlement, throttle } of ends) {
    reportEnd(member.parts.attempt, outcome, settlement, logger);
    if (throttle === undefined) continue;
    await coolDown(storage, member.queue, throttle.retryAfterMs, clock, logger);
  }
}
