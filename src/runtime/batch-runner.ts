import type { BatchHandler } from "../core/batch.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import { createAbort } from "./abort.ts";
import type { Attempt } from "./attempt.ts";
import type { AttemptRunner, AttemptRunnerParts } from "./attempt-runner.ts";
import { tellStart } from "./attempt-channels.ts";
import type { BatchAttempt } from "./batch-attempt.ts";
import { type BatchContextParts, createBatchContext } from "./batch-context.ts";
import { type BatchEndings, endOfAbandoned } from "./batch-endings.ts";
import { executeBatch } from "./batch-executor.ts";
import type { MemberParts, OutcomeTally } from "./batch-member.ts";
import { createContext } from "./context.ts";
import { createDeadlineWatch, type DeadlineWatch } from "./deadline.ts";
import { createEndingLatch } from "./ending-latch.ts";
import type { HandlerBook } from "./handler-book.ts";
import { settleAttempt } from "./settle-attempt.ts";
import type { Occupant } from "./slots.ts";
import { monotonicNow } from "./vital-signs.ts";

/** What a session lends to its batches. */
export interface BatchRunnerParts extends Omit<AttemptRunnerParts, "handlers"> {
  readonly batches: BatchContextParts;
}

/** Takes batches of claimed jobs to their settled ends. Its promises never reject. */
export interface BatchRunner {
  /** Runs the handler once for all of these jobs, in one slot; resolves when the slot is free again. */
  run(handler: BatchHandler<never>, jobs: readonly ClaimedJob[]): Promise<void>;
}

interface Lent extends BatchRunnerParts {
  readonly deadlines: DeadlineWatch;
}

/** The runner of one session. */
export function createBatchRunner(parts: BatchRunnerParts): BatchRunner {
  // A place is left once, however many jobs leave it together.
  const settler = {
    settle: (settlement: Parameters<typeof parts.settler.settle>[0]) =>
      parts.settler.settle(settlement),
  };
  const lent: Lent = { ...parts, settler, deadlines: createDeadlineWatch(parts.engine.clock) };
  return { run: (handler, jobs) => runBatch(openBatch(handler, jobs, lent), lent) };
}

/** A runner that runs jobs of batch handlers as batches of one. */
export function withBatches(
  runner: AttemptRunner,
  batches: BatchRunner,
  handlers: Pick<HandlerBook, "getBatch">,
): AttemptRunner {
  return {
    release: runner.release,
    run(job) {
      const handler = handlers.getBatch(job.name);
      return handler === undefined ? runner.run(job) : batches.run(handler, [job]);
    },
  };
}

function openBatch(
  handler: BatchHandler<never>,
  jobs: readonly ClaimedJob[],
  { engine: { clock, storage, telemetry }, batches }: Lent,
): BatchAttempt {
  const ending = createEndingLatch(clock);
  const began = clock.now();
  const tally: OutcomeTally = { made: false };
  const span = telemetry?.batch(jobs);
  const members = jobs.map((job): MemberParts => {
    const attempt: Attempt = { job, handler, abort: createAbort(), ending, clock, began, span };
    const context = createContext(attempt, batches.context, (lease, patch) =>
      storage.patchJob(lease, patch),
    );
    return { attempt, context, tally };
  });
  return { handler, members, abort: createAbort(), ending, tally, span };
}

async function runBatch(batch: BatchAttempt, lent: Lent): Promise<void> {
  const { slots, vitalSigns, deadlines, graceMs } = lent;
  const { timeoutMs } = batch.handler.definition.policy;
  const occupants = batch.members.map(({ attempt }) => occupantOf(attempt));
  const [first] = occupants as [Occupant, ...Occupant[]];
  const slot = slots.takeBatch(first.queue, occupants);
  vitalSigns.enter(slot.index, first.lease.id, overAt(timeoutMs));
  const deadline = deadlines.begin(batch.abort, timeoutMs, lent.engine.clock.now());
  try {
    const endings: BatchEndings = new Map();
    const ended = callBatch(batch, endings, lent);
    await withinGrace(batch, ended, endings, graceMs);
    deadline?.end(batch.abort);
    await Promise.all(batch.members.map((member) => settleMember(member, endings, lent)));
  } catch (error) {
    report(first.lease.id, batch.handler.definition.name, error, lent);
  } finally {
    deadline?.end(batch.abort);
    batch.span?.end();
    vitalSigns.leave(slot.index);
    slot.free();
  }
}

function callBatch(batch: BatchAttempt, endings: BatchEndings, lent: Lent): Promise<unknown> {
  for (const { attempt } of batch.members) tellStart(attempt);
  const call = () =>
    executeBatch(batch, endings, (items) => createBatchContext(batch, items, lent.batches));
  return batch.span === undefined ? call() : batch.span.run(call);
}

function overAt(timeoutMs: number | null): number {
  return timeoutMs === null ? Number.POSITIVE_INFINITY : monotonicNow() + timeoutMs;
}

function occupantOf({ job, abort, ending }: Attempt): Occupant {
  return { lease: job.lease, queue: job.queue, abort, ending };
}

async function settleMember(member: MemberParts, endings: BatchEndings, lent: Lent): Promise<void> {
  const { attempt } = member;
  const ending = endings.get(member) ?? { kind: "released" };
  // The batch's transaction has told of it.
  if (ending.kind === "already-settled") return;
  try {
    await settleAttempt(attempt, ending, lent);
  } catch (error) {
    report(attempt.job.lease.id, attempt.job.name, error, lent);
  }
}

function report(job: string, name: string, error: unknown, { engine }: Lent): void {
  engine.logger.error(
    { job, name, error },
    "could not settle; the job comes back when this worker has gone",
  );
}

/**
 * Waits for a batch's end. Once the whole of it is to stop, by its timeout or because every job's signal has aborted, its
 * function has the grace to obey; then its slot goes on without it.
 */
function withinGrace(
  batch: BatchAttempt,
  ended: Promise<unknown>,
  endings: BatchEndings,
  graceMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    linkSignals(batch, () => {
      if (!over) timer = setTimeout(abandon, graceMs);
    });
    function abandon(): void {
      batch.members[0]?.context.log.warn(
        { reason: batch.abort.reason?.message, jobs: batch.members.length },
        "the batch handler ignored its signal; its slot goes on without it and its late writes are fenced",
      );
      endOfAbandoned(batch, endings);
      resolve();
    }
    ended.then(() => {
      over = true;
      clearTimeout(timer);
      resolve();
    }, reject);
  });
}

/** What stops the batch stops every job of it, and once every job is stopped so is the batch. */
function linkSignals({ abort, members }: BatchAttempt, onStop: () => void): void {
  const aborts = members.map(({ attempt }) => attempt.abort);
  abort.onAbort(() => {
    const { reason } = abort;
    if (reason !== undefined) for (const each of aborts) each.abort(reason);
    onStop();
  });
  for (const each of aborts) {
    each.onAbort(() => {
      const { reason } = each;
      if (reason !== undefined && aborts.every((other) => other.reason !== undefined)) {
        abort.abort(reason);
      }
    });
  }
}
