import type { JobBatch } from "../core/batch.ts";
import { traceIdOf } from "../core/trace.ts";
import type { TransactStore } from "../storage/contract/transact.ts";
import type { BatchAttempt } from "./batch-attempt.ts";
import type { BatchMember } from "./batch-member.ts";
import { type BatchTransactionParts, batchTransaction } from "./batch-transaction.ts";
import { bisectTrials, isolatedTrials } from "./batch-trials.ts";
import { type ContextParts, withFields } from "./context.ts";
import { patientEnqueue } from "./patient-enqueue.ts";

/** What every batch of a session shares. */
export interface BatchContextParts {
  readonly context: ContextParts;
  readonly transaction: BatchTransactionParts;
  readonly savepoint: TransactStore["savepoint"];
}

/** Builds what a batch handler receives. */
export function createBatchContext(
  batch: BatchAttempt,
  items: readonly BatchMember[],
  { context, transaction, savepoint }: BatchContextParts,
): JobBatch {
  const { handler, abort, tally } = batch;
  const { client, clock, worker } = context;
  const { name } = handler.definition;
  const traceId = traceIdOf(batch.span?.trace);
  const fields = { name, jobs: items.length };
  const log = withFields(context.logger, traceId === undefined ? fields : { ...fields, traceId });
  const trials = { members: items, savepoint, abort, tally };
  return {
    items,
    name,
    worker,
    client,
    clock,
    log,
    services: context.services,
    get signal() {
      return abort.signal;
    },
    ...patientEnqueue(client, log, context.guard),
    transaction: batchTransaction(batch, items, transaction),
    isolated: isolatedTrials(trials),
    bisect: bisectTrials(trials),
  };
}
